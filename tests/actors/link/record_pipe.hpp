#pragma once

#include <registry/link/internal/link_output.hpp>
#include <registry/link/owned_descriptor.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace registry::testing {

/// Two connected sockets: the output of a connection of version 2 on one, and a reader of records on the other.
class record_pipe {
public:
  using byte_string = std::vector<std::byte>;

  /// The system takes only a few KiB that have not been read.
  explicit record_pipe(std::size_t most_waiting = std::size_t{1} << 30);

  /// Reads what there is, at most so many bytes, and returns the frames that are whole. Any one thread.
  std::vector<byte_string> read(std::size_t most = std::size_t{1} << 20);
  /// Bytes of CAF and heartbeats that have been read.
  byte_string basp;
  std::vector<byte_string> heartbeats;
  /// Whether the reader has been told that nothing more comes.
  [[nodiscard]] bool has_ended() const noexcept { return ended_; }
  /// Ends the reader's side.
  void hang_up() { there_.close(); }

private:
  record_pipe(std::array<int, 2> sockets, std::size_t most_waiting);

  owned_descriptor here_;
  owned_descriptor there_;
  bool ended_ = false;
  record_reader reader_{true, std::size_t{64} << 20};

public:
  const std::shared_ptr<link_output> output; // its socket is above
};

} // namespace registry::testing
