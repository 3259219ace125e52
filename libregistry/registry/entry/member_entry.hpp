#pragma once

#include <registry/value/value.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace registry {

/// One entry as its member sees it.
struct member_entry {
  value key;
  /// `entry::position` of that entry.
  std::uint64_t position = 0;
};

/// What the entries of a member are sorted by.
struct member_entry_order {
  std::uint64_t hash = 0;
  std::uint64_t position = 0;
  friend auto operator<=>(const member_entry_order&, const member_entry_order&) = default;
};

inline member_entry_order order_of(const member_entry& x) noexcept {
  return {x.key.hash(), x.position};
}

/// How many entries a step of bulk work takes.
struct step_size {
  std::size_t wanted;       ///< about this many, under any keys
  std::size_t of_key;       ///< at most this many of one key, which change at once
  std::size_t of_large_key; ///< of a key that has more
};

/// Some of what a member holds, in order, and where those begin that come next.
struct some_member_entries {
  std::vector<member_entry> rows;
  std::optional<member_entry_order> next;
};

} // namespace registry
