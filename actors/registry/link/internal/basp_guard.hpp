#pragma once

#include <registry/link/internal/basp_content.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// The header of each message of BASP, the protocol between nodes of CAF; the same in 0.17 and 1.x.
struct basp_header {
  static constexpr std::size_t size = 32;
  enum class kind : std::uint8_t {
    server_handshake,
    client_handshake,
    direct_message,
    routed_message,
    monitor_message,
    down_message,
    heartbeat,
  };

  kind operation = kind::heartbeat;
  std::uint8_t flags = 0;
  std::uint32_t payload_size = 0;
  std::uint64_t data = 0; ///< the version in a handshake, the number of the message in a message
  std::uint64_t source = 0;
  std::uint64_t destination = 0;
};

/// Stands between a link and CAF, which trusts its peers: a header of 32 zeros ends its process, a length of 4 GiB is allocated
/// at once, and handles and categories that do not fit the content of a message lead to wrong casts. It passes on what CAF's
/// nodes say to each other, and no more. No input and output; not thread-safe.
///
/// 1. First come the handshakes, whose node is the one that has proved itself; none comes later.
/// 2. A header is checked before its payload has been received, and a message is passed on only as a whole, so that the payload
///    of a false header costs nothing.
/// 3. Content is read as far as its types are known. What the application's own types contain is the application's to check.
/// 4. What a third node sends through the peer never ends the link: it is dropped.
class basp_guard {
public:
  enum class verdict : std::uint8_t {
    pass, ///< CAF may see it
    drop, ///< CAF must not see it, and the link goes on
    end,  ///< the link has to end
  };

  basp_guard(basp_ends ends, basp_limits limits);

  /// A header: `pass` or `end`. `payload_size()` bytes follow it.
  verdict take_header(std::span<const std::byte, basp_header::size> data);
  [[nodiscard]] std::size_t payload_size() const noexcept { return header_.payload_size; }
  /// The payload of that header, also if it is empty: what to do with both.
  verdict take_payload(std::span<const std::byte> data);

  /// Whether the last payload is a message to the actor of the link.
  [[nodiscard]] bool is_for_link_actor() const noexcept;

  /// Where the content of the last payload begins, if it was passed, was not read to its end, and has no sender: CAF 1.x does not
  /// survive it if it is malformed, so it has to be read on trial first.
  [[nodiscard]] std::optional<std::size_t> content_without_sender() const noexcept { return trial_; }

  /// Why the last verdict was not `pass`; for a log.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  /// The number of messages that were passed on and dropped.
  [[nodiscard]] std::uint64_t passed() const noexcept { return passed_; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

private:
  using bytes = std::span<const std::byte>;

  [[nodiscard]] const char* fault_in_header() const;
  [[nodiscard]] const char* fault_in_order() const;
  void take_handshake(basp_reader& in);
  void take_message(basp_reader& in, bytes data);
  void take_monitor(basp_reader& in);
  void take_down(basp_reader& in);
  void check_types(const basp_reader::message& what, basp_reader& in, bytes data);
  void check_named(const basp_reader::message& what, basp_reader& in, bytes data);
  void check_link(const basp_reader::message& what, basp_reader& in, bytes data);
  [[nodiscard]] bool is_self(bytes node) const;
  [[nodiscard]] bool is_peer(bytes node) const;
  void drop(const char* why);
  verdict judge(const basp_reader& in);

  basp_ends ends_;
  basp_limits limits_;
  std::set<std::vector<std::byte>> nodes_;
  basp_header header_;
  unsigned handshakes_ = 0;
  bool opened_ = false; // something other than a handshake has come
  bool third_ = false;  // the present message is that of a third node
  const char* unwanted_ = nullptr;
  std::optional<std::size_t> trial_;
  std::string reason_;
  std::uint64_t passed_ = 0;
  std::uint64_t dropped_ = 0;
};

} // namespace registry::inline v0_2
