#pragma once

#include <registry/entry/member_entry.hpp>
#include <registry/table/garbage.hpp>
#include <registry/table/group.hpp>
#include <registry/table/snapshot.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// The entries of a scope by key and by member.
///
/// One writer at a time (the owner serialises); any number of readers on any thread at any time. Progress: all reads are
/// wait-free, apart from allocations (of the result, and of a thread's first read). A write never waits for a reader. A
/// reader that is suspended inside of a read delays the freeing of objects that are replaced meanwhile, and nothing else.
class table {
public:
  /// An empty table.
  table();
  /// No reader may be inside; views and snapshots may outlive the table.
  ~table();
  table(const table&) = delete;
  table& operator=(const table&) = delete;

  // -- any thread ---------------------------------------------------------------------------------------------------------
  /// The entries of a key, as a view that stays as it is. O(log n), wait-free.
  [[nodiscard]] group find(const value& key) const noexcept;
  /// The entries of a string key, without building a value. O(log n), wait-free.
  template <std::convertible_to<std::string_view> Text>
  [[nodiscard]] group find(const Text& key) const noexcept {
    return find_text(key);
  }
  // The entries of a member, each function at one instant. n is their number.
  /// All entries of a member. Entries of one key are neighbours, in join order. O(n).
  [[nodiscard]] std::vector<member_entry> held_by(const member& who) const;
  /// The entries of a member from a place in their order on. Keys with the same hash count as one. O(log n + result).
  [[nodiscard]] some_member_entries some_held_by(const member& who, const member_entry_order& from,
                                                 const step_size& size) const;
  /// The number of entries of a member; a key held twice counts twice. Stops beyond `limit`. O(limit).
  [[nodiscard]] std::size_t count_held_by(const member& who, std::size_t limit = SIZE_MAX) const noexcept;
  /// A bound of the positions of the member's entries. O(1).
  [[nodiscard]] std::uint64_t newest_held_by(const member& who) const noexcept;
  /// Whether the member has an entry. O(1).
  [[nodiscard]] bool holds_any(const member& who) const noexcept;
  /// The different keys of the member, in no particular order. O(n).
  [[nodiscard]] std::vector<value> keys_of(const member& who) const;
  /// The positions of the member's entries under the key in join order. O(log n + result).
  [[nodiscard]] std::vector<std::uint64_t> positions_of(const member& who, const value& key) const;
  /// The member's entries under the key at one instant, in join order, however many others there are: O(log n + result), and
  /// O(n) if the key changes again and again meanwhile.
  [[nodiscard]] std::vector<entry> entries_of(const member& who, const value& key) const;
  /// The last of the member's positions under the key. O(log n).
  [[nodiscard]] std::optional<std::uint64_t> last_position_of(const member& who, const value& key) const noexcept;
  /// The key with this hash that has an entry at this position; null if there is none.
  [[nodiscard]] value key_of(std::uint64_t hash, std::uint64_t position) const noexcept;
  ///@{
  /// The number of entries, and of keys. Exact between writes. O(1).
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t key_count() const noexcept;
  ///@}

  // A writer adds an entry to the index of members before it publishes the entry, and removes it after the entry is gone. So
  // the index never misses an entry.

  // -- the writer; throws nothing but `std::bad_alloc`, and changes nothing then -------------------------------------------
  /// Publishes the entries of a key in one step; an empty group removes the key. Readers see the old or the new group, never
  /// anything between, and never an absent key during a replacement. O(log n), and once more that after a snapshot.
  void assign(const value& key, group entries);
  /// The new entries of a key in an `edit`: gets the index of the hash, the key, and its old entries.
  using change_of_group = std::function<group(std::size_t number, const value& key, const group& entries)>;
  /// Publishes the result of `change` for each key with one of these hashes, as if by `assign`, but many keys in a fraction
  /// of the time. The hashes are distinct and sorted by `index_order`. `change` must neither throw nor touch the table. Ends
  /// the process when there is no memory.
  void edit(std::span<const std::uint64_t> hashes, const change_of_group& change) noexcept;
  /// The sort key of the hashes of an `edit`.
  [[nodiscard]] static std::uint64_t index_order(std::uint64_t hash) noexcept;
  /// Adds an entry of a member to the index; its position must be greater than those of the member's others. Whether it is
  /// the member's first. O(log n), mostly in place.
  bool add_member_entry(const member& who, const value& key, std::uint64_t position);
  /// Removes an entry of a member from the index. Whether it was the member's last; false if it was not there. O(log n).
  bool remove_member_entry(const member& who, const value& key, std::uint64_t position);
  /// Removes the first entries of a member from the index: a result of `some_held_by` from the beginning, with more to come.
  /// On `std::bad_alloc` some of them remain.
  void remove_first_member_entries(const member& who, std::span<const member_entry> first);
  /// Removes all entries of a member from the index, in one step.
  void remove_member_entries(const member& who);
  /// Removes everything, in one step for each of the two indexes. O(1); the entries become garbage.
  void clear();
  /// Replaces the handle of a member by an equal one, if the member has entries.
  void renew(const member& who);
  /// Drops a reference to entries, which may be the last one, with the next garbage.
  void retire(group entries);
  /// A consistent view of all keys. O(1). One that is dropped before the next write costs nothing.
  [[nodiscard]] table_snapshot snapshot();
  /// Takes the objects that no reader can reach any more; cheap when there are few, because it looks at the readers only
  /// after a hundred or more replacements. Destroy the garbage outside of the lock that serialises the writers.
  [[nodiscard]] garbage collect() noexcept;
  /// As `collect`, but always looks at the readers: for a writer that falls idle, so that removed members do not linger.
  [[nodiscard]] garbage collect_now() noexcept;
  /// Frees, now and then, memory of the table's own that no reader can reach any more, in the middle of bulk work, so that
  /// it need not wait for `collect`. Runs no code of members or values.
  void reclaim() noexcept;
  /// The number of objects that wait for `collect`; 0 after `collect_now` unless a reader was inside.
  [[nodiscard]] std::size_t uncollected() const noexcept;

private:
  struct state;
  [[nodiscard]] group find_text(std::string_view key) const noexcept;

  std::unique_ptr<state> state_;
};

} // namespace registry::inline v0_2
