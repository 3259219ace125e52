#pragma once

#include <registry/internal/tree_node.hpp>

#include <array>
#include <utility>

namespace registry::inline v0_2::internal {

/// A sequence sorted by key, as a B+ tree whose nodes are shared between copies: copying a tree costs one reference; a
/// change copies the nodes it touches, O(log n), unless no other copy refers to them. Elements with equal keys are allowed;
/// an element is identified by its rank.
///
/// A change that throws `std::bad_alloc` leaves the tree as it was. A tree is not synchronised, but copies of it that share
/// nodes can be used on different threads.
template <class T, class KeyOf>
class ordered_tree {
public:
  using nodes = tree_nodes<T, KeyOf>;
  using key_type = typename nodes::key_type;

  ordered_tree() noexcept = default;
  /// Takes over a reference to a root, or null.
  explicit ordered_tree(tree_node* root) noexcept : root_(root) {}
  ordered_tree(const ordered_tree& other) noexcept : root_(other.root_) {
    if (root_)
      nodes::retain(root_);
  }
  ordered_tree(ordered_tree&& other) noexcept : root_(other.detach()) {}
  ordered_tree& operator=(ordered_tree other) noexcept {
    std::swap(root_, other.root_);
    return *this;
  }
  ~ordered_tree() {
    if (root_)
      nodes::release(root_);
  }

  [[nodiscard]] const tree_node* root() const noexcept { return root_; }
  /// Hands over the reference to the root.
  tree_node* detach() noexcept { return std::exchange(root_, nullptr); }

  [[nodiscard]] std::size_t size() const noexcept { return root_ ? nodes::size_of(root_) : 0; }
  [[nodiscard]] const T& operator[](std::size_t rank) const noexcept { return *nodes::run_at(root_, rank).at; }
  [[nodiscard]] std::size_t rank_of(const key_type& key) const noexcept { return root_ ? nodes::rank_of(root_, key) : 0; }

  /// Inserts an element at a rank (`rank <= size()`) that fits its key.
  void insert(std::size_t rank, T item);
  /// Removes the element of a rank (`rank < size()`).
  void erase(std::size_t rank);
  /// Replaces an element with one that has an equal key.
  void replace(std::size_t rank, T item);

private:
  using leaf = typename nodes::leaf;
  using inner = typename nodes::inner;
  using branch = typename nodes::branch;
  static constexpr unsigned max_count = nodes::max_count;
  static constexpr unsigned min_count = nodes::min_count;

  struct step {
    inner* node;
    unsigned index;
  };
  /// The path from the root to a leaf: inner nodes that belong to this tree alone.
  struct path {
    std::array<step, nodes::max_height> steps;
    unsigned length = 0;
    step& operator[](unsigned i) noexcept { return steps[i]; }
    step& back() noexcept { return steps[length - 1]; }
    void push(inner* node, unsigned index) noexcept { steps[length++] = {node, index}; }
  };

  static branch branch_to(tree_node* n) noexcept { return {n, nodes::size_of(n), nodes::first_key(n)}; }
  static void insert_branch(inner* n, unsigned at, branch added) noexcept;
  static void erase_branch(inner* n, unsigned at) noexcept;
  static inner* own(tree_node*& slot, unsigned room);
  static void split(inner* parent, unsigned at, bool at_right_edge);
  static tree_node* join_nodes(const tree_node* left, const tree_node* right, unsigned from, unsigned to);
  static void fix_underflow(inner* parent, unsigned at);

  tree_node*& descend_to_insert(std::size_t& rank, path& way);
  tree_node*& descend(std::size_t& rank, path& way);
  static void insert_into(tree_node*& slot, std::size_t at, T&& item);
  static tree_node* copy_with(const T* items, std::size_t count, std::size_t at, leaf* result, T&& item) noexcept;
  static tree_node* split_leaf(tree_node*& slot, std::size_t at, bool at_right_edge, T&& item);
  static void erase_from(tree_node*& slot, std::size_t at);
  void drop_leaf(path& way) noexcept;
  static void update_sizes(path& way, std::ptrdiff_t change) noexcept;
  void rebalance(path& way);

  tree_node* root_ = nullptr;
};

} // namespace registry::inline v0_2::internal

#include <registry/internal/ordered_tree.ipp>
