#pragma once

#include <registry/internal/member_entry_node.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

// What the nodes of member_entry_node.hpp are made of anew. For the writer.

namespace registry::internal {

/// Frees the memory of a node.
struct shell_free {
  void operator()(member_entry_node* n) const noexcept { ::operator delete(n); }
};
/// Owns a node that is still to be published, and nothing that it refers to.
template <class Node>
using fresh_node = std::unique_ptr<Node, shell_free>;

/// What the writer finds below a branch.
inline member_entry_node* child_of(const member_entry_branch& b) noexcept {
  return b.child.load(std::memory_order_relaxed);
}

/// The branches of an inner node that is to be made.
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
  /// Gives what belonged to this branch to the one before it or, if there is none, to the one after it.
  void erase(std::size_t at) noexcept;
  [[nodiscard]] fresh_node<member_entry_inner> make(unsigned height, std::uint64_t bound) const;

private:
  std::array<item, member_entry_inner::max_branches + 2> items_;
  std::size_t size_ = 0;
};

/// Puts a row behind those of a leaf that has room, and lets readers see it.
void push_back(member_entry_leaf& n, const value& key, std::uint64_t position) noexcept;
/// The same with a row of another leaf, which keeps the bits, in a leaf that no reader sees yet.
void push_back(member_entry_leaf& n, const member_entry& row) noexcept;

} // namespace registry::internal
