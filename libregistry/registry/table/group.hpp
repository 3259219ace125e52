#pragma once

#include <registry/entry/entry.hpp>
#include <registry/internal/ordered_tree.hpp>

#include <cstddef>
#include <cstdint>

namespace registry {

/// The entries of one key in join order: an immutable view that stays valid, unchanged, for as long as it is held, from any
/// thread. Copying costs one atomic increment. Every modifier returns a new group and leaves this one as it is; it costs
/// O(log n) and shares all it can with the old one (persistent B+ tree ordered by `entry::position`).
class group {
public:
  class iterator; // forward iterator over `const entry`

  group() noexcept = default;

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] iterator begin() const noexcept;
  [[nodiscard]] iterator end() const noexcept;
  /// The i-th entry in join order, `i < size()`. O(log n).
  [[nodiscard]] const entry& operator[](std::size_t i) const noexcept;
  /// The entry at a position of the join order (`entry::position`), or nullptr. O(log n).
  [[nodiscard]] const entry* at_position(std::uint64_t position) const noexcept;

  /// With one entry more; its position must not be taken yet (mostly it is the greatest).
  [[nodiscard]] group with(entry added) const;
  /// Without the entry at this position; the same group if there is none.
  [[nodiscard]] group without(std::uint64_t position) const;
  /// With the entry of the same position replaced; the same group if there is none.
  [[nodiscard]] group replaced(entry changed) const;
};

/// One key a member holds an entry under.
struct holding {
  value key;
  /// `entry::position` of that entry.
  std::uint64_t position = 0;
};

/// All that one member holds: the reverse index. Ordered by (hash of the key, position), so that all entries under one key
/// are neighbours and are found in O(log n). The same guarantees as `group`.
class holdings {
public:
  class iterator; // forward iterator over `const holding`

  holdings() noexcept = default;

  /// The number of entries (a key held twice counts twice).
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] iterator begin() const noexcept;
  [[nodiscard]] iterator end() const noexcept;
  /// The positions of the entries under one key in ascending (join) order. O(log n + result).
  [[nodiscard]] std::vector<std::uint64_t> positions(const value& key) const;
  /// The different keys, each once, in no particular order. O(n).
  [[nodiscard]] std::vector<value> keys() const;

  [[nodiscard]] holdings with(holding added) const;
  [[nodiscard]] holdings without(const value& key, std::uint64_t position) const;
};

} // namespace registry
