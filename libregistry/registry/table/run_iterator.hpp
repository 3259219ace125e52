#pragma once

#include <cstddef>
#include <iterator>

namespace registry {

namespace internal {
struct tree_node;
} // namespace internal

/// Forward iterator over the elements of an immutable view, which lie in runs of neighbours in memory. Valid for as long as
/// any copy of the view it came from. `View::run_from(root, rank)` gives the run that starts with the element of a rank.
template <class View, class Stored, class Item>
class run_iterator {
public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = Item;
  using difference_type = std::ptrdiff_t;
  using pointer = const Item*;
  using reference = const Item&;

  run_iterator() noexcept = default;
  /// At the element of a rank, from there to the end of its run.
  run_iterator(const internal::tree_node* root, std::size_t rank, const Stored* at, const Stored* end) noexcept
      : at_(at), end_(end), root_(root), next_(rank + static_cast<std::size_t>(end - at)) {}

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
  friend bool operator==(const run_iterator& a, const run_iterator& b) noexcept { return a.at_ == b.at_; }

private:
  const Stored* at_ = nullptr;
  const Stored* end_ = nullptr;
  const internal::tree_node* root_ = nullptr;
  std::size_t next_ = 0; // the rank of the first element of the next run
};

} // namespace registry
