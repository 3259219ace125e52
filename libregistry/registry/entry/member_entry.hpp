#pragma once

#include <registry/value/value.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace registry::inline v0_2 {

/// One entry as seen from its member.
struct member_entry {
  /// The key that the member is joined under.
  value key;
  /// `entry::position` of that entry.
  std::uint64_t position = 0;
};

/// The sort key of a member's entries.
struct member_entry_order {
  std::uint64_t hash = 0;     ///< the keyed hash of the key
  std::uint64_t position = 0; ///< `entry::position`
  /// By hash, then by position.
  friend auto operator<=>(const member_entry_order&, const member_entry_order&) = default;
};

/// The sort key of an entry. O(1), but for the first hash of a long key.
inline member_entry_order order_of(const member_entry& x) noexcept {
  return {x.key.hash(), x.position};
}

/// The bounds of one step of bulk work, in entries.
struct step_size {
  std::size_t wanted;       ///< about this many, under any keys
  std::size_t of_key;       ///< at most this many of one key, which change at once
  std::size_t of_large_key; ///< of a key that has more
};

/// A part of a member's entries, in their order.
struct some_member_entries {
  /// The entries of this part.
  std::vector<member_entry> rows;
  /// The start of the next part; nothing after the last.
  std::optional<member_entry_order> next;
};

} // namespace registry::inline v0_2
