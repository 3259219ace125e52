#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace registry::corpus {

/// The header of each of CAF 0.17's messages: 32 bytes, numbers in network order.
struct basp_header {
  static constexpr std::size_t size = 32;
  enum class kind : std::uint8_t {
    server_handshake,
    client_handshake,
    direct_message,
    routed_message,
    monitor_message,
    down_message,
    heartbeat
  };

  kind operation = kind::heartbeat;
  std::uint8_t flags = 0;
  std::uint32_t payload_size = 0;
  std::uint64_t data = 0; ///< the version in handshakes, the number of the message otherwise
  std::uint64_t source = 0;
  std::uint64_t destination = 0;
};

/// A message of CAF in a stream.
struct basp_message {
  std::size_t offset = 0;
  basp_header header;
  std::span<const std::byte> payload;

  [[nodiscard]] std::size_t payload_offset() const noexcept { return offset + basp_header::size; }
};

/// The messages from an offset on. A message truncated by the end of the stream is left out. Throws `std::runtime_error` for
/// anything else.
[[nodiscard]] std::vector<basp_message> read_basp(std::span<const std::byte> stream, std::size_t offset);

} // namespace registry::corpus
