#pragma once

#include <registry/internal/member_entry_node.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace registry::inline v0_2::internal {

/// The entries of one member at the instant when the reader is made. Use it under the epoch guard under which the root was
/// found. Wait-free, apart from allocations for the results.
class member_entry_reader {
public:
  /// The key of a single entry is that in the row of the index.
  member_entry_reader(const member_entry_node* root, const value& only_key) noexcept;

  /// Stops counting at more than `limit`. O(limit).
  [[nodiscard]] std::size_t size(std::size_t limit = SIZE_MAX) const noexcept;
  /// The greatest position that has been added; its entry may have left. O(1).
  [[nodiscard]] std::uint64_t newest() const noexcept;
  /// All entries, those of one key adjacent and in ascending order of positions. O(n).
  [[nodiscard]] std::vector<member_entry> all() const;
  /// See `table::some_held_by`.
  [[nodiscard]] some_member_entries some(const member_entry_order& from, const step_size& size) const;
  /// The distinct keys. O(n).
  [[nodiscard]] std::vector<value> keys() const;
  /// The positions under one key in ascending order. O(log n + result).
  [[nodiscard]] std::vector<std::uint64_t> positions(const value& key) const;
  /// The last of them. O(log n).
  [[nodiscard]] std::optional<std::uint64_t> last_position(const value& key) const noexcept;

private:
  [[nodiscard]] member_entry only() const noexcept { return {only_key_, single_position(root_)}; }

  const member_entry_node* root_;
  const value& only_key_;
  std::uint64_t bound_;
};

} // namespace registry::inline v0_2::internal
