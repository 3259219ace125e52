#pragma once

#include <registry/entry/entry.hpp>

#include <cstdint>

namespace registry::inline v0_2 {

/// A fingerprint of a set of entries that does not depend on their order and is kept up to date entry by entry: equal sets
/// have equal digests on every node, different sets all but certainly different ones. It guards against errors, not against
/// forgery. Not thread-safe.
struct content_digest {
  std::uint64_t count = 0; ///< the number of entries
  std::uint64_t high = 0;  ///< the upper half of the combined hashes
  std::uint64_t low = 0;   ///< the lower half of the combined hashes

  ///@{
  /// Adds or removes the entry with this number, key, member and value. O(1) plus the hash of the values.
  void add(std::uint64_t number, const value& key, const member& who, const value& data) noexcept;
  void remove(std::uint64_t number, const value& key, const member& who, const value& data) noexcept;
  ///@}

  /// Whether the sets are all but certainly the same.
  friend bool operator==(const content_digest&, const content_digest&) = default;
};

} // namespace registry::inline v0_2
