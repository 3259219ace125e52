#pragma once

#include <registry/entry/holding.hpp>

#include <atomic>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>

// The nodes of what one member holds: a B+ tree ordered by (hash of the key, position), in which a holding is added in place.
//
// One writer at a time, readers on any thread under an epoch guard. Nobody counts references: each node and each key belongs
// to the tree, and is handed over bit by bit to the node that takes the place of another.
//
// Invariants:
// 1. Positions are added in ascending order. A node that is the root has a `bound`, which a reader loads first: what has a
//    greater position was added after that and is not there for this reader. So a reader sees what was held at one instant,
//    although leaves grow under its eyes.
// 2. A row is written before the `count` of its leaf, a node before the slot that refers to it, and both before the bound;
//    count, slot and bound are released by the writer and acquired by readers.
// 3. What an addition changes in place, a leaf's count or a slot, still has all that was there: splitting moves nothing away from
//    a reader.
// 4. A removal changes nothing in place. It copies the nodes from the root to the leaf, so that readers of the old root go on
//    in what they had.
// 5. What has been replaced is a shell: its memory is freed when no reader can be inside, and what it referred to is not.
// 6. The rows of a leaf ascend by position. The lower bound of a node is the order that its parent has of it, {} for the root. That of
//    its first branch is the same or, after a removal, greater: nobody may rely on it.
//
// One holding is a tree without a node: most members have no more. The pointer to it is marked.

namespace registry::internal {

/// The header of a leaf or an inner node, or, as a pointer only, a single holding.
struct holding_node {
  /// The distance to the leaves.
  std::uint8_t height;
  /// Leaf: how many rows there is memory for. Used by the writer only.
  std::uint8_t capacity;
  /// Leaf that is a shell: the row that went with it, if one did.
  std::uint8_t dropped = 0;
  /// The number of rows or branches. Grows in leaves, and never changes in inner nodes.
  std::atomic<std::uint32_t> count;

  holding_node(unsigned height, unsigned capacity, unsigned count) noexcept
      : height(static_cast<std::uint8_t>(height)), capacity(static_cast<std::uint8_t>(capacity)), count(count) {}
  [[nodiscard]] bool is_leaf() const noexcept { return height == 0; }
};

struct holding_leaf : holding_node {
  static constexpr unsigned max_rows = 16;

  explicit holding_leaf(unsigned capacity) noexcept : holding_node(0, capacity, 0) {}
  [[nodiscard]] holding* memory() noexcept { return std::launder(reinterpret_cast<holding*>(this + 1)); }
  [[nodiscard]] std::span<const holding> rows() const noexcept {
    return {std::launder(reinterpret_cast<const holding*>(this + 1)), count.load(std::memory_order_acquire)};
  }
  /// Those a reader with this bound sees.
  [[nodiscard]] std::span<const holding> rows(std::uint64_t bound) const noexcept {
    auto all = rows();
    while (!all.empty() && all.back().position > bound)
      all = all.first(all.size() - 1);
    return all;
  }
};

struct holding_branch {
  /// No order below is less.
  holding_order first;
  std::atomic<holding_node*> child;
  holding_branch(holding_order first, holding_node* child) noexcept : first(first), child(child) {}
};

struct holding_inner : holding_node {
  static constexpr unsigned max_branches = 16;

  /// The greatest position that has been added. Of interest in a root only.
  std::atomic<std::uint64_t> bound{0};

  holding_inner(unsigned height, unsigned count) noexcept : holding_node(height, 0, count) {}
  [[nodiscard]] std::span<holding_branch> branches() noexcept {
    return {std::launder(reinterpret_cast<holding_branch*>(this + 1)), count.load(std::memory_order_relaxed)};
  }
  [[nodiscard]] std::span<const holding_branch> branches() const noexcept {
    return {std::launder(reinterpret_cast<const holding_branch*>(this + 1)), count.load(std::memory_order_relaxed)};
  }
  /// The branch that an order belongs to.
  [[nodiscard]] std::size_t index_of(const holding_order& wanted) const noexcept {
    const auto all = branches();
    std::size_t i = 1;
    while (i < all.size() && all[i].first <= wanted)
      ++i;
    return i - 1;
  }
};

static_assert(sizeof(holding_leaf) == 8 && sizeof(holding) == 24 && sizeof(holding_branch) == 24);

inline holding_leaf* as_leaf(holding_node* n) noexcept {
  return static_cast<holding_leaf*>(n);
}
inline const holding_leaf* as_leaf(const holding_node* n) noexcept {
  return static_cast<const holding_leaf*>(n);
}
inline holding_inner* as_inner(holding_node* n) noexcept {
  return static_cast<holding_inner*>(n);
}
inline const holding_inner* as_inner(const holding_node* n) noexcept {
  return static_cast<const holding_inner*>(n);
}

inline constexpr std::uintptr_t single_holding_mark = 1;

inline holding_node* mark_single(holding* x) noexcept {
  return reinterpret_cast<holding_node*>(reinterpret_cast<std::uintptr_t>(x) | single_holding_mark);
}
/// The holding if there is no other, or nullptr.
inline holding* as_single(const holding_node* root) noexcept {
  const auto bits = reinterpret_cast<std::uintptr_t>(root);
  return (bits & single_holding_mark) != 0 ? reinterpret_cast<holding*>(bits & ~single_holding_mark) : nullptr;
}

// -- lifetime -------------------------------------------------------------------------------------------------------------

/// A leaf without rows.
inline holding_leaf* make_holding_leaf(std::size_t capacity) {
  return new (::operator new(sizeof(holding_leaf) + capacity * sizeof(holding)))
      holding_leaf(static_cast<unsigned>(capacity));
}

/// Makes a holding in raw memory out of another one, bit by bit: the key has two owners then, one of which must become a shell.
inline void take_over(holding* to, const holding& from) noexcept {
  // NOLINTNEXTLINE(bugprone-undefined-memory-manipulation): values survive that, see `trie_nodes`
  std::memcpy(static_cast<void*>(to), &from, sizeof from);
}

/// Frees all that a root owns, and the root.
void destroy_holdings(holding_node* root) noexcept;

} // namespace registry::internal
