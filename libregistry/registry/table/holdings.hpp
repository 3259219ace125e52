#pragma once

#include <registry/table/run_iterator.hpp>
#include <registry/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace registry {

namespace internal {
struct tree_access;
} // namespace internal

/// One key a member holds an entry under.
struct holding {
  value key;
  /// `entry::position` of that entry.
  std::uint64_t position = 0;
};

/// A holding and what it is sorted by.
struct hashed_holding : holding {
  /// The hash of the key.
  std::uint64_t hash = 0;
};

/// All that one member holds: the reverse index. Ordered by (hash of the key, position), so that all entries under one key
/// are neighbours and are found in O(log n). The same guarantees as `group`.
class holdings {
public:
  using iterator = run_iterator<holdings, hashed_holding, holding>; // forward iterator over `const holding`
  using const_iterator = iterator;
  using value_type = holding;

  holdings() noexcept = default;
  holdings(const holdings& other) noexcept;
  holdings(holdings&& other) noexcept : root_(std::exchange(other.root_, nullptr)) {}
  holdings& operator=(const holdings& other) noexcept {
    holdings(other).swap(*this);
    return *this;
  }
  holdings& operator=(holdings&& other) noexcept {
    holdings(std::move(other)).swap(*this);
    return *this;
  }
  ~holdings() {
    if (root_)
      release();
  }
  void swap(holdings& other) noexcept { std::swap(root_, other.root_); }

  /// The number of entries (a key held twice counts twice).
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return !root_; }
  [[nodiscard]] iterator begin() const noexcept { return run_from(root_, 0); }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  /// The positions of the entries under one key in ascending (join) order. O(log n + result).
  [[nodiscard]] std::vector<std::uint64_t> positions(const value& key) const;
  /// The position of the latest entry under one key, if there is one. O(log n).
  [[nodiscard]] std::optional<std::uint64_t> last_position(const value& key) const noexcept;
  /// The different keys, each once, in no particular order. O(n).
  [[nodiscard]] std::vector<value> keys() const;

  /// With one holding more; the pair of key and position must not be there yet.
  [[nodiscard]] holdings with(holding added) const&;
  [[nodiscard]] holdings with(holding added) &&;
  /// Without this holding; the same holdings if it is not there.
  [[nodiscard]] holdings without(const value& key, std::uint64_t position) const&;
  [[nodiscard]] holdings without(const value& key, std::uint64_t position) &&;

private:
  friend iterator;
  friend struct internal::tree_access;
  explicit holdings(internal::tree_node* root) noexcept : root_(root) {}
  static iterator run_from(const internal::tree_node* root, std::size_t rank) noexcept;
  void release() noexcept;

  internal::tree_node* root_ = nullptr;
};

} // namespace registry
