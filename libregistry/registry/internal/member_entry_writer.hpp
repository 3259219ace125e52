#pragma once

#include <registry/internal/member_entry_replacement.hpp>
#include <registry/internal/retire_list.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace registry::inline v0_2::internal {

/// Changes the entries of one member, see member_entry_node.hpp. For the writer only. A function that throws
/// `std::bad_alloc` leaves the content as it was.
class member_entry_writer {
public:
  /// `root` holds the root, where readers find it; garbage goes to `retired`.
  member_entry_writer(std::atomic<member_entry_node*>& root, retire_list& retired) noexcept
      : root_(root), retired_(retired) {}

  /// A root for a second entry beside a single one, whose key's bits it takes.
  [[nodiscard]] static member_entry_node* make(const value& first_key, std::uint64_t first_position, const value& key,
                                               std::uint64_t position);
  /// Whether a root has one entry only.
  [[nodiscard]] static bool holds_one(const member_entry_node* root) noexcept;

  // For a root that is no single entry.

  /// Adds an entry, whose position must be greater than all earlier ones. O(log n), usually in place.
  void add(const value& key, std::uint64_t position);
  /// Removes one of several entries; returns whether it was there. O(log n).
  bool remove(const value& key, std::uint64_t position);
  /// Removes the entries of the first leaf and returns their number: 0 if there are more than `most` or no other leaf. O(log
  /// n).
  std::size_t remove_first_leaf(std::size_t most);
  /// Retires the leaf that was the root: a shell, apart from the key of one row.
  void retire_leaf(member_entry_leaf* n, std::size_t dropped) noexcept;

private:
  using slot = std::atomic<member_entry_node*>;

  void publish(slot& at, member_entry_node* fresh) noexcept { at.store(fresh, std::memory_order_release); }
  void retire_shell(void* memory) noexcept;

  bool append(slot& at, const value& key, std::uint64_t position);
  void add_to_tree(const value& key, std::uint64_t position);
  void raise_root();
  member_entry_inner* split_inner(slot& parent, std::size_t index);
  void split_leaf(slot& parent, std::size_t index, const value& key, std::uint64_t position);

  void remove_from_leaf(member_entry_leaf* root, std::size_t row);
  void remove_from_tree(std::span<const holding_step> way, member_entry_leaf* leaf, std::size_t row);
  void replace_way(std::span<const holding_step> way, member_entry_replacement& change, branch_list branches);

  slot& root_;
  retire_list& retired_;
};

} // namespace registry::inline v0_2::internal
