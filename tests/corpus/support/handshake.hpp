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

/// The messages that a stream begins with: up to the last one that its sender says before CAF speaks. Throws `std::runtime_error` if
/// there are none, or if this program would not write the same bytes.
[[nodiscard]] std::vector<handshake_part> read_handshake(std::span<const std::byte> stream);

/// How the handshake of a connection ends if one end is replaced by this program: it is given what was recorded of the other end, and
/// must say what was recorded of its own.
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
