#pragma once

#include <registry/internal/member_entry_build.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace registry::internal {

/// An inner node on a way down, and the branch taken there.
struct holding_step {
  member_entry_inner* node;
  std::size_t index;
};

/// New nodes on the way to a row that is removed, and those that they take the place of. Nodes that become small are merged
/// with a neighbour. Frees the new ones unless they are committed.
class member_entry_replacement {
public:
  /// Neighbours have six rows or branches together at least, so that a higher tree would need more memory than there is.
  static constexpr std::size_t max_height = 28;
  /// The nodes on the way, and one neighbour of each.
  static constexpr std::size_t max_replaced = 2 * max_height;

  /// Owns a new node from now on.
  member_entry_node* keep(fresh_node<member_entry_node> n) noexcept { return (made_[made_count_++] = std::move(n)).get(); }
  /// Hands the new nodes over to the tree; returns the old ones.
  std::span<member_entry_node* const> commit() noexcept {
    for (auto& n : made_)
      static_cast<void>(n.release());
    return {replaced_.data(), replaced_count_};
  }

  /// The branches of a node above a leaf that loses a row.
  branch_list without_row(const holding_step& above, std::size_t row);
  /// The branches of a node above a leaf that goes.
  static branch_list without_leaf(const holding_step& above);
  /// The branches of a node above an inner node that gets these branches.
  branch_list with_child(const holding_step& above, const branch_list& child);

private:
  /// Puts a node in the place of a child, and of the neighbour that is merged with it.
  void put(branch_list& all, std::size_t index, std::optional<std::size_t> with, member_entry_node* n) noexcept;
  void replace(member_entry_node* n) noexcept { replaced_[replaced_count_++] = n; }

  std::array<fresh_node<member_entry_node>, max_height + 1> made_;
  std::array<member_entry_node*, max_replaced> replaced_;
  std::size_t made_count_ = 0;
  std::size_t replaced_count_ = 0;
};

} // namespace registry::internal
