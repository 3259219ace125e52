#pragma once

#include <registry/internal/member_entry_build.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace registry::inline v0_2::internal {

/// An inner node on a path down, and the branch taken there.
struct holding_step {
  member_entry_inner* node;
  std::size_t index;
};

/// New nodes on the path to a row that is removed, and the nodes they replace. Nodes that become small are merged with a
/// neighbour. Frees the new nodes unless they are committed.
class member_entry_replacement {
public:
  /// Two neighbours have at least six rows or branches together, so a higher tree would not fit into any memory.
  static constexpr std::size_t max_height = 28;
  /// The nodes on the path, and one neighbour of each.
  static constexpr std::size_t max_replaced = 2 * max_height;

  /// Takes ownership of a new node.
  member_entry_node* keep(fresh_node<member_entry_node> n) noexcept { return (made_[made_count_++] = std::move(n)).get(); }
  /// Hands the new nodes to the tree; returns the old ones.
  std::span<member_entry_node* const> commit() noexcept {
    for (auto& n : made_)
      static_cast<void>(n.release());
    return {replaced_.data(), replaced_count_};
  }

  /// The new branches of a node above a leaf that loses a row.
  branch_list without_row(const holding_step& above, std::size_t row);
  /// The new branches of a node above a leaf that is removed.
  static branch_list without_leaf(const holding_step& above);
  /// The new branches of a node above an inner node that gets these branches.
  branch_list with_child(const holding_step& above, const branch_list& child);

private:
  /// Replaces a child, and the neighbour that is merged with it, by a node.
  void put(branch_list& all, std::size_t index, std::optional<std::size_t> with, member_entry_node* n) noexcept;
  void replace(member_entry_node* n) noexcept { replaced_[replaced_count_++] = n; }

  std::array<fresh_node<member_entry_node>, max_height + 1> made_;
  std::array<member_entry_node*, max_replaced> replaced_;
  std::size_t made_count_ = 0;
  std::size_t replaced_count_ = 0;
};

} // namespace registry::inline v0_2::internal
