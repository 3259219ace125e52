#pragma once

#include <registry/entry/member_entry.hpp>

#include <atomic>
#include <bit>
#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>

// The nodes of one member's entries: a B+ tree ordered by (hash of the key, position), in which an entry is added in place.
//
// One writer at a time, readers on any thread under an epoch guard. There are no reference counts: each node and each key
// belongs to the tree, and passes bit by bit to the node that replaces another.
//
// Invariants:
// 1. Positions are added in ascending order. A root node has a `bound`, which a reader loads first: an entry with a greater
//    position was added after that and does not exist for this reader. So a reader sees the entries of one instant, although
//    leaves grow while it reads.
// 2. A row is written before the `count` of its leaf, a node before the slot that refers to it, and both before the bound;
//    count, slot and bound are released by the writer and acquired by readers.
// 3. After an addition in place, which changes the count of a leaf or a slot, everything that was there before is still
//    reachable: splitting moves nothing away from a reader.
// 4. A removal changes nothing in place. It copies the nodes from the root to the leaf, so that readers of the old root can
//    go on.
// 5. A replaced node is a shell: its memory is freed when no reader can be inside, but not the objects it referred to.
// 6. The rows of a leaf ascend by position. The lower bound of a node is the order recorded for it in its parent, {} for the
//    root. The lower bound of its first branch is the same or, after a removal, greater: do not rely on it.
//
// One entry is a tree without a node, as most members have no more: the pointer to the root is its position, marked, and its key
// lies in the row of the index beside that pointer. The key belongs to the row as long as the pointer says so: when a second entry
// comes, the bits of the key pass to a leaf, and what the row keeps of them means nothing. The bits in a row never change, as
// readers may be in them, so for the way back the index makes a new row.

namespace registry::inline v0_2::internal {

/// The header of a leaf or an inner node, or, as a pointer only, a single entry.
struct member_entry_node {
  /// The distance to the leaves.
  std::uint8_t height;
  /// Leaf: the capacity in rows. Used by the writer only.
  std::uint8_t capacity;
  /// Leaf that is a shell: the row that was removed with it, if any.
  std::uint8_t dropped = 0;
  /// The number of rows or branches. Grows in leaves; never changes in inner nodes.
  std::atomic<std::uint32_t> count;

  member_entry_node(unsigned height, unsigned capacity, unsigned count) noexcept
      : height(static_cast<std::uint8_t>(height)), capacity(static_cast<std::uint8_t>(capacity)), count(count) {}
  [[nodiscard]] bool is_leaf() const noexcept { return height == 0; }
};

struct member_entry_leaf : member_entry_node {
  static constexpr unsigned max_rows = 16;

  explicit member_entry_leaf(unsigned capacity) noexcept : member_entry_node(0, capacity, 0) {}
  [[nodiscard]] member_entry* memory() noexcept { return std::launder(reinterpret_cast<member_entry*>(this + 1)); }
  [[nodiscard]] std::span<const member_entry> rows() const noexcept {
    return {std::launder(reinterpret_cast<const member_entry*>(this + 1)), count.load(std::memory_order_acquire)};
  }
  /// The rows that a reader with this bound sees.
  [[nodiscard]] std::span<const member_entry> rows(std::uint64_t bound) const noexcept {
    auto all = rows();
    while (!all.empty() && all.back().position > bound)
      all = all.first(all.size() - 1);
    return all;
  }
};

struct member_entry_branch {
  /// The lowest order.
  member_entry_order first;
  std::atomic<member_entry_node*> child;
  member_entry_branch(member_entry_order first, member_entry_node* child) noexcept : first(first), child(child) {}
};

struct member_entry_inner : member_entry_node {
  static constexpr unsigned max_branches = 16;

  /// The greatest position that has been added. Meaningful in a root only.
  std::atomic<std::uint64_t> bound{0};

  member_entry_inner(unsigned height, unsigned count) noexcept : member_entry_node(height, 0, count) {}
  [[nodiscard]] std::span<member_entry_branch> branches() noexcept {
    return {std::launder(reinterpret_cast<member_entry_branch*>(this + 1)), count.load(std::memory_order_relaxed)};
  }
  [[nodiscard]] std::span<const member_entry_branch> branches() const noexcept {
    return {std::launder(reinterpret_cast<const member_entry_branch*>(this + 1)), count.load(std::memory_order_relaxed)};
  }
  /// The branch that an order belongs to.
  [[nodiscard]] std::size_t index_of(const member_entry_order& wanted) const noexcept {
    const auto all = branches();
    std::size_t i = 1;
    while (i < all.size() && all[i].first <= wanted)
      ++i;
    return i - 1;
  }
};

static_assert(sizeof(member_entry_leaf) == 8 && sizeof(member_entry) == 24 && sizeof(member_entry_branch) == 24);

inline member_entry_leaf* as_leaf(member_entry_node* n) noexcept {
  return static_cast<member_entry_leaf*>(n);
}
inline const member_entry_leaf* as_leaf(const member_entry_node* n) noexcept {
  return static_cast<const member_entry_leaf*>(n);
}
inline member_entry_inner* as_inner(member_entry_node* n) noexcept {
  return static_cast<member_entry_inner*>(n);
}
inline const member_entry_inner* as_inner(const member_entry_node* n) noexcept {
  return static_cast<const member_entry_inner*>(n);
}

inline constexpr std::uintptr_t single_entry_mark = 1;

inline member_entry_node* mark_single(std::uint64_t position) noexcept {
  static_assert(sizeof(std::uintptr_t) == sizeof position);
  assert(position >> 63 == 0);
  return reinterpret_cast<member_entry_node*>(position << 1 | single_entry_mark);
}
inline bool is_single(const member_entry_node* root) noexcept {
  return (reinterpret_cast<std::uintptr_t>(root) & single_entry_mark) != 0;
}
/// The position of the only entry.
inline std::uint64_t single_position(const member_entry_node* root) noexcept {
  assert(is_single(root));
  return reinterpret_cast<std::uintptr_t>(root) >> 1;
}

// -- lifetime -------------------------------------------------------------------------------------------------------------

/// A leaf without rows.
inline member_entry_leaf* make_holding_leaf(std::size_t capacity) {
  return new (::operator new(sizeof(member_entry_leaf) + capacity * sizeof(member_entry)))
      member_entry_leaf(static_cast<unsigned>(capacity));
}

/// Makes an entry in raw memory from another one, bit by bit: the key then has two owners, one of which must become a shell.
inline void take_over(member_entry* to, const member_entry& from) noexcept {
  // NOLINTNEXTLINE(bugprone-undefined-memory-manipulation): values survive that, see `trie_nodes`
  std::memcpy(static_cast<void*>(to), &from, sizeof from);
}
inline void take_over(value* to, const value& from) noexcept {
  std::memcpy(static_cast<void*>(to), &from, sizeof from); // NOLINT(bugprone-undefined-memory-manipulation): likewise
}

/// Frees everything a root owns, and the root; for a single entry that is nothing.
void destroy_member_entries(member_entry_node* root) noexcept;

} // namespace registry::inline v0_2::internal
