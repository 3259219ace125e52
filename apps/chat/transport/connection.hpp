#pragma once

#include <chat/irc/line_buffer.hpp>
#include <chat/transport/sink.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace chat {

/// The bounds of one connection.
struct connection_limits {
  /// The greatest number of bytes that wait to be sent; a client that lets more pile up is disconnected with "SendQ exceeded".
  std::size_t send_queue = std::size_t{1024} * 1024;
  /// The greatest number of received lines that wait for the session; no more is read meanwhile.
  std::size_t unprocessed_lines = 16;
  /// The time limit of a closed connection to send its queue.
  std::chrono::milliseconds linger{2000};
};

/// The reports of a connection, on the I/O thread.
struct connection_handlers {
  std::function<void(irc::input_line)> on_line;
  /// The connection has ended, for the reason given. Called once, the last of all.
  std::function<void(std::string_view reason)> on_end;
};

/// One client's TCP connection. Both directions are bounded: see `connection_limits`.
///
/// 1. The socket, the timer and the input belong to the I/O thread.
/// 2. What sessions touch (`output_`, `unprocessed_` and the flags beside them) is guarded by `mutex_`, which is held for
///    memory operations only. They post under it, too: what is posted before `end` is run, and after it nothing is.
/// 3. At most one read, one write and one wake-up of each kind are under way; `flushing_` and `stalled_` say so.
/// 4. `end` happens once; afterwards nothing is read, written, reported or posted to the I/O thread.
class connection : public sink, public std::enable_shared_from_this<connection> {
public:
  connection(std::shared_ptr<boost::asio::io_context> context, boost::asio::ip::tcp::socket socket,
             const connection_limits& limits);

  /// Begins to read. I/O thread, once.
  void start(connection_handlers handlers);

  /// The numeric address of the client.
  [[nodiscard]] const std::string& remote_host() const noexcept { return remote_host_; }

  void write(std::string_view line) override;
  void acknowledge() override;
  void close() override;

  /// Ends the connection at once. I/O thread.
  void end(std::string_view reason);

private:
  void read();
  void deliver();
  void flush();
  void linger();
  void shut_down();

  std::shared_ptr<boost::asio::io_context> context_; // sessions may hold the connection longer than the I/O thread runs
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer linger_;
  const connection_limits limits_;
  std::string remote_host_;
  connection_handlers handlers_;
  irc::line_buffer input_;
  std::array<char, 4096> chunk_;
  std::string sending_;
  bool reading_ = false;
  bool ended_ = false;

  std::mutex mutex_;
  std::string output_;
  std::size_t in_flight_ = 0;
  std::size_t unprocessed_ = 0;
  bool flushing_ = false; // a flush is scheduled or a write under way
  bool stalled_ = false;  // reading waits for an acknowledgement
  bool closing_ = false;  // nothing more is queued
};

} // namespace chat
