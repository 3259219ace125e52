#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace registry::corpus {

/// A message of the handshake in a stream, its length included.
struct handshake_part {
  std::size_t offset = 0;
  std::size_t size = 0;
  std::string text;
};

/// The messages at the beginning of a stream: up to the last one that its sender sends before CAF takes over. Throws
/// `std::runtime_error` if there are none, or if this program would not encode the same bytes.
[[nodiscard]] std::vector<handshake_part> read_handshake(std::span<const std::byte> stream);

/// The end of a connection's handshake if one end is replaced by this program: it receives the recorded messages of the
/// other end, and must send the recorded messages of its own.
struct replayed_handshake {
  std::vector<std::byte> said;
  bool succeeded = false;
  std::string failure;
};
[[nodiscard]] replayed_handshake replay_dialler(std::span<const std::byte> dialler, std::span<const std::byte> acceptor,
                                                const std::string& secret);
[[nodiscard]] replayed_handshake replay_acceptor(std::span<const std::byte> dialler, std::span<const std::byte> acceptor,
                                                 const std::string& secret);

} // namespace registry::corpus
