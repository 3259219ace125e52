#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <span>

namespace registry {

class value;

/// A pair of a map as `map_view` shows it: references into the map.
struct map_pair {
  const value& key; ///< always a string
  const value& mapped;
};

/// Walks along the pairs of a map. Random access; what it yields is no object of its own but a pair of references.
class map_iterator {
public:
  using iterator_concept = std::random_access_iterator_tag;
  using iterator_category = std::input_iterator_tag; // of the old kind, which asks for references to objects
  using value_type = map_pair;
  using difference_type = std::ptrdiff_t;
  using reference = map_pair;
  /// What stands behind `->`.
  class pointer {
  public:
    explicit pointer(const map_pair& pair) noexcept : pair_(pair) {}
    const map_pair* operator->() const noexcept { return &pair_; }

  private:
    map_pair pair_;
  };

  map_iterator() noexcept = default;
  map_iterator(const value* keys, const value* mapped, std::ptrdiff_t at) noexcept : keys_(keys), mapped_(mapped), at_(at) {}

  map_pair operator*() const noexcept;
  pointer operator->() const noexcept { return pointer(**this); }
  map_pair operator[](std::ptrdiff_t n) const noexcept { return *(*this + n); }

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

  // Of two iterators of the same map.
  friend std::ptrdiff_t operator-(const map_iterator& a, const map_iterator& b) noexcept { return a.at_ - b.at_; }
  friend bool operator==(const map_iterator& a, const map_iterator& b) noexcept { return a.at_ == b.at_; }
  friend auto operator<=>(const map_iterator& a, const map_iterator& b) noexcept { return a.at_ <=> b.at_; }

private:
  const value* keys_ = nullptr;
  const value* mapped_ = nullptr;
  std::ptrdiff_t at_ = 0;
};

/// The pairs of a map in ascending byte order of their keys: a random-access range of `map_pair`. As cheap to copy as a span;
/// it and all it refers to live as long as the value that it came from. Any thread.
///
/// Maps with the same keys often share one list of them, see `keys`.
class map_view {
public:
  using iterator = map_iterator;
  using const_iterator = map_iterator;
  using value_type = map_pair;

  map_view() noexcept = default;
  map_view(const value* keys, const value* mapped, std::size_t size) noexcept : keys_(keys), mapped_(mapped), size_(size) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] map_iterator begin() const noexcept { return {keys_, mapped_, 0}; }
  [[nodiscard]] map_iterator end() const noexcept { return {keys_, mapped_, static_cast<std::ptrdiff_t>(size_)}; }
  /// The i-th pair, `i < size()`.
  [[nodiscard]] map_pair operator[](std::size_t i) const noexcept { return begin()[static_cast<std::ptrdiff_t>(i)]; }
  /// The first pair of a map that is not empty.
  [[nodiscard]] map_pair front() const noexcept { return *begin(); }

  /// The keys alone, sorted. Maps with the same keys share this list if they were made on the same thread, the list was not
  /// forgotten meanwhile and is not too large to be remembered: then `data()` is the same. The converse always holds.
  [[nodiscard]] std::span<const value> keys() const noexcept;
  /// What the keys are mapped to, in the order of the keys.
  [[nodiscard]] std::span<const value> mapped() const noexcept;

private:
  const value* keys_ = nullptr;
  const value* mapped_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace registry
