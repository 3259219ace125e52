#pragma once

#include <cstddef>
#include <iterator>

namespace registry::inline v0_2 {

namespace internal {
struct tree_node;
} // namespace internal

/// A forward iterator over the elements of an immutable view, which lie in runs of neighbours in memory. Valid for as long
/// as any copy of the view that it came from. O(1), but O(log n) at the end of each run. `View::run_from(root, rank)` gives
/// the run that starts with the element of a rank.
template <class View, class Stored, class Item>
class run_iterator {
public:
  ///@{
  /// For `std::iterator_traits`.
  using iterator_category = std::forward_iterator_tag;
  using value_type = Item;
  using difference_type = std::ptrdiff_t;
  using pointer = const Item*;
  using reference = const Item&;
  ///@}

  /// The end of any view.
  run_iterator() noexcept = default;
  /// At the element of a rank, from there to the end of its run.
  run_iterator(const internal::tree_node* root, std::size_t rank, const Stored* at, const Stored* end) noexcept
      : at_(at), end_(end), root_(root), next_(rank + static_cast<std::size_t>(end - at)) {}

  ///@{
  /// The element, or the next one. Not at the end.
  reference operator*() const noexcept { return *at_; }
  pointer operator->() const noexcept { return at_; }
  run_iterator& operator++() noexcept {
    if (++at_ == end_)
      *this = View::run_from(root_, next_);
    return *this;
  }
  run_iterator operator++(int) noexcept {
    auto old = *this;
    ++*this;
    return old;
  }
  ///@}
  /// Compares two iterators of one view.
  friend bool operator==(const run_iterator& a, const run_iterator& b) noexcept { return a.at_ == b.at_; }

private:
  const Stored* at_ = nullptr;
  const Stored* end_ = nullptr;
  const internal::tree_node* root_ = nullptr;
  std::size_t next_ = 0; // the rank of the first element of the next run
};

} // namespace registry::inline v0_2
