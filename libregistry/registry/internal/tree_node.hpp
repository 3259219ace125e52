#pragma once

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <type_traits>

namespace registry::inline v0_2::internal {

/// Header of a node of an `ordered_tree`; the elements (leaf) or branches (inner node) follow it in the same allocation.
/// Eight bytes, because most keys have one entry and so most nodes are leaves of one element.
struct tree_node {
  /// The number of trees and inner nodes that refer to this node. A node with more than one reference never changes.
  std::atomic<std::uint32_t> references{1};
  std::uint8_t count = 0;
  std::uint8_t capacity;
  /// The distance to the leaves.
  std::uint8_t height;

  tree_node(std::uint8_t capacity, std::uint8_t height) noexcept : capacity(capacity), height(height) {}
  [[nodiscard]] bool is_leaf() const noexcept { return height == 0; }
  [[nodiscard]] bool shared() const noexcept { return references.load(std::memory_order_acquire) != 1; }
};

static_assert(sizeof(tree_node) == 8);

/// Memory layout, lifetime and reading of the nodes of trees of `T`, ordered by the key that `KeyOf` extracts from an
/// element. Reading is wait-free, from any thread that holds a reference to the root.
template <class T, class KeyOf>
struct tree_nodes {
  using key_type = std::remove_cvref_t<std::invoke_result_t<KeyOf, const T&>>;
  static_assert(alignof(T) <= sizeof(tree_node) && std::is_nothrow_copy_constructible_v<T> &&
                std::is_nothrow_move_constructible_v<T> && std::is_trivially_copyable_v<key_type>);

  /// A change copies one leaf and one inner node per level, with a reference counted per element or branch: larger nodes
  /// make reading faster and changes slower.
  static constexpr unsigned max_count = 16;
  /// All but the root and nodes at the right edge have at least this many elements or branches.
  static constexpr unsigned min_count = max_count / 4;
  static constexpr unsigned max_height = 24;

  struct branch {
    tree_node* child;
    /// The number of elements below.
    std::size_t size;
    /// The key of the first element below.
    key_type first;
  };

  struct leaf : tree_node {
    explicit leaf(unsigned capacity) noexcept : tree_node(static_cast<std::uint8_t>(capacity), 0) {}
    [[nodiscard]] T* items() noexcept { return std::launder(reinterpret_cast<T*>(this + 1)); }
    [[nodiscard]] const T* items() const noexcept { return std::launder(reinterpret_cast<const T*>(this + 1)); }
  };

  struct inner : tree_node {
    inner(unsigned capacity, unsigned height) noexcept
        : tree_node(static_cast<std::uint8_t>(capacity), static_cast<std::uint8_t>(height)) {}
    std::size_t size = 0;
    [[nodiscard]] branch* branches() noexcept { return std::launder(reinterpret_cast<branch*>(this + 1)); }
    [[nodiscard]] const branch* branches() const noexcept { return std::launder(reinterpret_cast<const branch*>(this + 1)); }
  };

  static leaf* as_leaf(tree_node* n) noexcept { return static_cast<leaf*>(n); }
  static const leaf* as_leaf(const tree_node* n) noexcept { return static_cast<const leaf*>(n); }
  static inner* as_inner(tree_node* n) noexcept { return static_cast<inner*>(n); }
  static const inner* as_inner(const tree_node* n) noexcept { return static_cast<const inner*>(n); }

  // -- lifetime -----------------------------------------------------------------------------------------------------------
  /// An empty leaf with memory for `capacity` elements.
  static leaf* make_leaf(unsigned capacity) {
    return new (::operator new(sizeof(leaf) + capacity * sizeof(T))) leaf(capacity);
  }
  static inner* make_inner(unsigned capacity, unsigned height) {
    return new (::operator new(sizeof(inner) + capacity * sizeof(branch))) inner(capacity, height);
  }

  static void retain(const tree_node* n) noexcept {
    const_cast<tree_node*>(n)->references.fetch_add(1, std::memory_order_relaxed);
  }
  /// Drops a reference. Freeing a tree takes time linear in the number of unshared nodes; the recursion is as deep as the
  /// tree is high.
  static void release(tree_node* n) noexcept {
    if (n->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy(n);
  }
  /// Frees the memory of a node but not the objects it refers to.
  static void deallocate(tree_node* n) noexcept { ::operator delete(n); }

  // -- reading ------------------------------------------------------------------------------------------------------------
  static std::size_t size_of(const tree_node* n) noexcept { return n->is_leaf() ? n->count : as_inner(n)->size; }
  static key_type first_key(const tree_node* n) noexcept {
    return n->is_leaf() ? KeyOf{}(as_leaf(n)->items()[0]) : as_inner(n)->branches()[0].first;
  }

  /// A run of adjacent elements in memory.
  struct run {
    const T* at;
    const T* end;
  };

  /// From the element of this rank (`rank < size`) to the end of its leaf.
  static run run_at(const tree_node* n, std::size_t rank) noexcept {
    assert(rank < size_of(n));
    while (!n->is_leaf()) {
      const auto* b = as_inner(n)->branches();
      for (; rank >= b->size; ++b)
        rank -= b->size;
      n = b->child;
    }
    return {as_leaf(n)->items() + rank, as_leaf(n)->items() + n->count};
  }

  /// The number of elements with a key less than this one: the rank of the first element that is not less.
  static std::size_t rank_of(const tree_node* n, const key_type& key) noexcept {
    std::size_t rank = 0;
    while (!n->is_leaf()) {
      const auto* b = as_inner(n)->branches();
      const auto* last = b + n->count - 1;
      for (; b != last && b[1].first < key; ++b)
        rank += b->size;
      n = b->child;
    }
    const auto* items = as_leaf(n)->items();
    const auto* found = std::partition_point(items, items + n->count, [&](const T& x) { return KeyOf{}(x) < key; });
    return rank + static_cast<std::size_t>(found - items);
  }

private:
  static void destroy(tree_node* n) noexcept {
    if (n->is_leaf()) {
      std::destroy_n(as_leaf(n)->items(), n->count);
    } else {
      std::for_each_n(as_inner(n)->branches(), n->count, [](branch& b) { release(b.child); });
    }
    deallocate(n);
  }
};

} // namespace registry::inline v0_2::internal
