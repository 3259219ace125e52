#pragma once

#include <registry/member/member.hpp>

#include <cstddef>
#include <vector>

namespace registry {

/// What one node sends to another: bytes of our own, and beside them the actor handles that the bytes name by index (only CAF
/// can serialise those).
struct frame {
  std::vector<std::byte> bytes;
  std::vector<member> handles;

  /// What the frame counts for in a credit window: about its size on the network, in bytes. The same on both ends.
  [[nodiscard]] std::size_t cost() const noexcept { return bytes.size() + 40 * handles.size(); }
};

} // namespace registry
