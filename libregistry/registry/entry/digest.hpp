#pragma once

#include <registry/entry/entry.hpp>

#include <cstdint>

namespace registry {

/// A fingerprint of a set of entries that does not depend on their order and can be kept up to date entry by entry: equal
/// sets have equal digests on every node, different ones with all but certainty different digests. Guards against errors, not
/// against forgery.
struct content_digest {
  std::uint64_t count = 0;
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  /// Adds or removes the entry with this number, key, member and value. O(1) plus the hash of the values.
  void add(std::uint64_t number, const value& key, const member& who, const value& data) noexcept;
  void remove(std::uint64_t number, const value& key, const member& who, const value& data) noexcept;

  friend bool operator==(const content_digest&, const content_digest&) = default;
};

} // namespace registry
