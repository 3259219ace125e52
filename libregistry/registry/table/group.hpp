#pragma once

#include <registry/entry/entry.hpp>
#include <registry/table/run_iterator.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

namespace internal {
struct tree_access;
} // namespace internal

/// The entries of one key in join order: an immutable view that stays valid, unchanged, for as long as it is held, from any
/// thread. One pointer; a copy costs one atomic increment. Every modifier returns a new group, costs O(log n) and shares
/// most of its nodes with the old one (a persistent B+ tree ordered by `entry::position`). Called on an rvalue it changes
/// nodes in place that no other group shares, which is the way to build large groups. Modifiers throw nothing but
/// `std::bad_alloc`, and then leave the group as it was. The last copy frees the nodes that no other group shares, on the
/// thread that drops it.
class group {
public:
  ///@{
  /// A forward iterator over `const entry`.
  using iterator = run_iterator<group, entry, entry>;
  using const_iterator = iterator;
  ///@}
  /// The element type, for algorithms on ranges.
  using value_type = entry;

  /// No entries.
  group() noexcept = default;
  ///@{
  /// Shares or takes the entries. O(1), wait-free.
  group(const group& other) noexcept;
  group(group&& other) noexcept : root_(std::exchange(other.root_, nullptr)) {}
  group& operator=(const group& other) noexcept {
    group(other).swap(*this);
    return *this;
  }
  group& operator=(group&& other) noexcept {
    group(std::move(other)).swap(*this);
    return *this;
  }
  ///@}
  ~group() {
    if (root_)
      release();
  }
  /// Exchanges the entries of two groups.
  void swap(group& other) noexcept { std::swap(root_, other.root_); }

  ///@{
  /// The number of entries. O(1).
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return !root_; }
  ///@}
  ///@{
  /// The entries in join order.
  [[nodiscard]] iterator begin() const noexcept { return run_from(root_, 0); }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  ///@}
  /// The i-th entry in join order, `i < size()`. O(log n).
  [[nodiscard]] const entry& operator[](std::size_t i) const noexcept;
  /// The entry at a position of the join order (`entry::position`), or nullptr. O(log n).
  [[nodiscard]] const entry* at_position(std::uint64_t position) const noexcept;

  /// The first entry at this position or a later one. O(log n).
  [[nodiscard]] iterator from(std::uint64_t position) const noexcept;

  /// A hint that the first entries will be read in a moment, with their values. No effect but speed.
  void prefetch() const noexcept;

  ///@{
  /// The group with one entry more; its position must not be taken yet, and is mostly the greatest. O(log n).
  [[nodiscard]] group with(entry added) const&;
  [[nodiscard]] group with(entry added) &&;
  ///@}
  ///@{
  /// The group without the entry at this position; the same group if there is none. O(log n).
  [[nodiscard]] group without(std::uint64_t position) const&;
  [[nodiscard]] group without(std::uint64_t position) &&;
  ///@}
  ///@{
  /// The group with the entry of the same position replaced; the same group if there is none. O(log n).
  [[nodiscard]] group replaced(entry changed) const&;
  [[nodiscard]] group replaced(entry changed) &&;
  ///@}

private:
  friend iterator;
  friend struct internal::tree_access;
  explicit group(internal::tree_node* root) noexcept : root_(root) {}
  static iterator run_from(const internal::tree_node* root, std::size_t rank) noexcept;
  void release() noexcept;

  internal::tree_node* root_ = nullptr;
};

} // namespace registry::inline v0_2
