#pragma once

#include <registry/internal/holding_replacement.hpp>
#include <registry/internal/retire_list.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace registry::internal {

/// Changes what one member holds, see holding_node.hpp. For the writer only. What throws `std::bad_alloc` leaves the content as
/// it was.
class holding_writer {
public:
  /// The root stands in `root`, where readers find it; the garbage goes to `retired`.
  holding_writer(std::atomic<holding_node*>& root, retire_list& retired) noexcept : root_(root), retired_(retired) {}

  /// A root for the first holding.
  [[nodiscard]] static holding_node* make(const value& key, std::uint64_t position);
  /// Whether a root has one holding only.
  [[nodiscard]] static bool holds_one(const holding_node* root) noexcept;

  /// Adds a holding, whose position must be greater than all before. O(log n), mostly in place.
  void add(const value& key, std::uint64_t position);
  /// Removes one of several holdings; returns whether it was there. O(log n).
  bool remove(const value& key, std::uint64_t position);
  /// Removes the holdings of the first leaf and returns how many there were: 0 if it has more than `most` or there is no other
  /// leaf. O(log n).
  std::size_t remove_first_leaf(std::size_t most);

private:
  using slot = std::atomic<holding_node*>;

  void publish(slot& at, holding_node* fresh) noexcept { at.store(fresh, std::memory_order_release); }
  void retire_shell(void* memory) noexcept;
  void retire_leaf(holding_leaf* n, std::size_t dropped) noexcept;

  void add_second(holding* first, const value& key, std::uint64_t position);
  bool append(slot& at, const value& key, std::uint64_t position);
  void add_to_tree(const value& key, std::uint64_t position);
  void raise_root();
  holding_inner* split_inner(slot& parent, std::size_t index);
  void split_leaf(slot& parent, std::size_t index, const value& key, std::uint64_t position);

  void remove_from_leaf(holding_leaf* root, std::size_t row);
  void remove_from_tree(std::span<const holding_step> way, holding_leaf* leaf, std::size_t row);
  void replace_way(std::span<const holding_step> way, holding_replacement& change, branch_list branches);

  slot& root_;
  retire_list& retired_;
};

} // namespace registry::internal
