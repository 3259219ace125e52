#pragma once

#include <registry/member/member.hpp>

#include <cstddef>
#include <vector>

namespace registry::inline v0_2 {

/// A message between nodes: bytes in our own encoding, and beside them the actor handles that the bytes refer to by index
/// (only CAF can serialise those).
struct frame {
  std::vector<std::byte> bytes;
  std::vector<member> handles;

  /// The size that counts in a credit window: about that on the network, in bytes. The same on both ends.
  [[nodiscard]] std::size_t cost() const noexcept { return bytes.size() + 40 * handles.size(); }
};

} // namespace registry::inline v0_2
