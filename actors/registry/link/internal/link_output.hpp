#pragma once

#include <registry/link/internal/link_socket.hpp>
#include <registry/link/internal/records.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// The sending half of a connection between two nodes: what waits, and the socket that takes it.
///
/// 1. Any thread may add; one alone, that of CAF's multiplexer, calls `write` and `read`.
/// 2. `lock_` is held for one call of the system or of TLS at a time, and no lock is taken after it. TLS reads under it, too, since a
///    session is for one thread at a time; in plain reading needs no lock.
/// 3. `write_at_once` writes only while nothing waits. So it neither overtakes anything nor takes the turn of another scope.
/// 4. Of a message that has begun the rest is written before anything else.
class link_output {
public:
  using bytes = std::span<const std::byte>;
  using outcome = link_socket::outcome;

  /// How the bytes travel: records of version 2, or those of CAF alone.
  enum class format : std::uint8_t { raw, records };

  /// `most_waiting`: the limit in bytes that `fits` compares with.
  link_output(link_socket socket, format how, std::size_t most_waiting);
  link_output(const link_output&) = delete;
  link_output& operator=(const link_output&) = delete;

  ///@{
  /// See `record_writer`; without effect after the end.
  void put_basp(bytes data);
  void put_frame(std::uint64_t stream, std::vector<std::byte> content);
  void put_heartbeat(std::vector<std::byte> content);
  ///@}
  /// Whether no more waits than may.
  [[nodiscard]] bool fits() const;

  enum class immediate : std::uint8_t {
    refused, ///< nothing has been done: something waits, another thread is at it, or the frame is large
    sent,    ///< or lost with the connection, which the reader is going to notice
    begun,   ///< the rest waits for `write`
  };
  /// Writes a small frame, which it takes away, if that is possible now. Never waits.
  immediate write_at_once(std::uint64_t stream, std::vector<std::byte>& content);

  enum class progress : std::uint8_t {
    done,           ///< nothing waits
    wants_writable, ///< call it again once the socket is writable
    wants_readable, ///< once it is readable
    failed,
  };
  /// Writes what waits, as much as the system takes.
  progress write();
  /// Whether `write` waits for the socket to be readable; no longer after this call.
  bool read_was_awaited() noexcept { return awaits_read_.exchange(false); }
  [[nodiscard]] bool awaits_read() const noexcept { return awaits_read_; }

  outcome read(std::span<std::byte> into);
  /// See `link_socket`.
  [[nodiscard]] bool has_pending() const;
  [[nodiscard]] std::string failure() const;
  [[nodiscard]] bool is_plain() const noexcept { return socket_.is_plain(); }

  /// Takes nothing more; the other end is told so once everything has been written.
  void finish();
  /// Takes and writes nothing more, and ends the connection.
  void end();

private:
  void fill();
  void drop() noexcept;

  const link_socket socket_;
  const format format_;
  const std::size_t most_waiting_;

  mutable std::mutex lock_;
  record_writer writer_;
  std::vector<std::byte> out_; // what has been formatted; from `sent_` on it waits
  std::size_t sent_ = 0;
  bool finished_ = false;
  bool ended_ = false;
  std::atomic<bool> awaits_read_{false};
};

} // namespace registry::inline v0_2
