#pragma once

#include <registry/internal/member_entry_node.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

// New nodes for member_entry_node.hpp. For the writer.

namespace registry::inline v0_2::internal {

/// Frees the memory of a node.
struct shell_free {
  void operator()(member_entry_node* n) const noexcept { ::operator delete(n); }
};
/// Owns a node that is still to be published, but not the objects it refers to.
template <class Node>
using fresh_node = std::unique_ptr<Node, shell_free>;

/// A branch as the writer sees it.
inline member_entry_node* child_of(const member_entry_branch& b) noexcept {
  return b.child.load(std::memory_order_relaxed);
}

/// The branches of an inner node under construction.
class branch_list {
public:
  struct item {
    member_entry_order first;
    member_entry_node* child;
  };

  branch_list() noexcept = default;
  explicit branch_list(std::span<const member_entry_branch> from) noexcept { append(from); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  item& operator[](std::size_t i) noexcept { return items_[i]; }

  void append(const branch_list& more) noexcept;
  void append(std::span<const member_entry_branch> more) noexcept;
  void insert(std::size_t at, item added) noexcept;
  /// Moves the content of this branch to the branch before it or, if there is none, to the one after it.
  void erase(std::size_t at) noexcept;
  [[nodiscard]] fresh_node<member_entry_inner> make(unsigned height, std::uint64_t bound) const;

private:
  std::array<item, member_entry_inner::max_branches + 2> items_;
  std::size_t size_ = 0;
};

/// Appends a row to a leaf that has room, and makes it visible to readers.
void push_back(member_entry_leaf& n, const value& key, std::uint64_t position) noexcept;
/// The same with a row of another leaf, which keeps its bits, in a leaf that no reader sees yet.
void push_back(member_entry_leaf& n, const member_entry& row) noexcept;

} // namespace registry::inline v0_2::internal
