#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <span>

namespace registry::inline v0_2 {

class value;

/// A pair of a map as `map_view` shows it: references into the map.
struct map_pair {
  const value& key;    ///< always a string
  const value& mapped; ///< any value
};

/// A random-access iterator over the pairs of a map. It yields pairs of references by value, which makes it
/// an input iterator for algorithms from before C++20.
class map_iterator {
public:
  ///@{
  /// For `std::iterator_traits`.
  using iterator_concept = std::random_access_iterator_tag;
  using iterator_category = std::input_iterator_tag;
  using value_type = map_pair;
  using difference_type = std::ptrdiff_t;
  using reference = map_pair;
  ///@}
  /// The proxy behind `->`: it holds the pair that a pointer needs.
  class pointer {
  public:
    /// Copies the two references.
    explicit pointer(const map_pair& pair) noexcept : pair_(pair) {}
    /// The pair, for the time of the expression.
    const map_pair* operator->() const noexcept { return &pair_; }

  private:
    map_pair pair_;
  };

  /// Belongs to no map; only to be assigned to.
  map_iterator() noexcept = default;
  /// At a pair of a map, given its keys and mapped values; `map_view` makes these.
  map_iterator(const value* keys, const value* mapped, std::ptrdiff_t at) noexcept : keys_(keys), mapped_(mapped), at_(at) {}

  ///@{
  /// The pair at the iterator, or at a distance from it. O(1).
  map_pair operator*() const noexcept;
  pointer operator->() const noexcept { return pointer(**this); }
  map_pair operator[](std::ptrdiff_t n) const noexcept { return *(*this + n); }
  ///@}

  ///@{
  /// Moves within a map, or up to its end. O(1).
  map_iterator& operator+=(std::ptrdiff_t n) noexcept {
    at_ += n;
    return *this;
  }
  map_iterator& operator-=(std::ptrdiff_t n) noexcept { return *this += -n; }
  map_iterator& operator++() noexcept { return *this += 1; }
  map_iterator& operator--() noexcept { return *this -= 1; }
  map_iterator operator++(int) noexcept { return {keys_, mapped_, at_++}; }
  map_iterator operator--(int) noexcept { return {keys_, mapped_, at_--}; }
  friend map_iterator operator+(map_iterator i, std::ptrdiff_t n) noexcept { return i += n; }
  friend map_iterator operator+(std::ptrdiff_t n, map_iterator i) noexcept { return i += n; }
  friend map_iterator operator-(map_iterator i, std::ptrdiff_t n) noexcept { return i -= n; }
  ///@}

  ///@{
  /// Compares two iterators of the same map. O(1).
  friend std::ptrdiff_t operator-(const map_iterator& a, const map_iterator& b) noexcept { return a.at_ - b.at_; }
  friend bool operator==(const map_iterator& a, const map_iterator& b) noexcept { return a.at_ == b.at_; }
  friend auto operator<=>(const map_iterator& a, const map_iterator& b) noexcept { return a.at_ <=> b.at_; }
  ///@}

private:
  const value* keys_ = nullptr;
  const value* mapped_ = nullptr;
  std::ptrdiff_t at_ = 0;
};

/// The pairs of a map in ascending byte order of their keys: a random-access range of `map_pair`. As cheap to copy as a
/// span, and valid as long as the value that it came from. Any thread.
///
/// Maps with the same keys often share one list of them, see `keys`; the idea is that of the hidden classes of JavaScript
/// engines (Chambers, Ungar and Lee 1989).
class map_view {
public:
  ///@{
  /// For algorithms on ranges.
  using iterator = map_iterator;
  using const_iterator = map_iterator;
  using value_type = map_pair;
  ///@}

  /// An empty map.
  map_view() noexcept = default;
  /// A view of `size` keys and as many mapped values; `value::as_map` makes these.
  map_view(const value* keys, const value* mapped, std::size_t size) noexcept : keys_(keys), mapped_(mapped), size_(size) {}

  ///@{
  /// The number of pairs. O(1).
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  ///@}
  ///@{
  /// The pairs in ascending byte order of their keys.
  [[nodiscard]] map_iterator begin() const noexcept { return {keys_, mapped_, 0}; }
  [[nodiscard]] map_iterator end() const noexcept { return {keys_, mapped_, static_cast<std::ptrdiff_t>(size_)}; }
  ///@}
  /// The i-th pair, `i < size()`.
  [[nodiscard]] map_pair operator[](std::size_t i) const noexcept { return begin()[static_cast<std::ptrdiff_t>(i)]; }
  /// The first pair of a map that is not empty.
  [[nodiscard]] map_pair front() const noexcept { return *begin(); }

  /// The keys alone, sorted. Two maps with one `data()` have the same keys. The converse is likely, not certain: each thread
  /// remembers the short lists of keys that it used last, and the maps that it makes share them.
  [[nodiscard]] std::span<const value> keys() const noexcept;
  /// The mapped values alone, in the order of the keys.
  [[nodiscard]] std::span<const value> mapped() const noexcept;

private:
  const value* keys_ = nullptr;
  const value* mapped_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace registry::inline v0_2
