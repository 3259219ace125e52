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

namespace registry {

/// The entries of a scope by key and by member.
///
/// One writer at a time (the owner serialises); any number of readers on any thread at any time. Progress: all reads are
/// wait-free, apart from allocations (of the result, and of a thread's first read). A write never waits for a reader. A
/// reader that is suspended inside of a read delays the freeing of what is replaced meanwhile, nothing else.
class table {
public:
  table();
  ~table(); // no reader may be inside; views and snapshots may outlive the table
  table(const table&) = delete;
  table& operator=(const table&) = delete;

  // -- any thread ---------------------------------------------------------------------------------------------------------
  [[nodiscard]] group find(const value& key) const noexcept;
  /// The same for a string key, without building a value.
  template <std::convertible_to<std::string_view> Text>
  [[nodiscard]] group find(const Text& key) const noexcept {
    return find_text(key);
  }
  // What a member holds: all of it at one instant. n is the number of its entries.
  /// Entries of one key are neighbours, in join order. O(n).
  [[nodiscard]] std::vector<member_entry> held_by(const member& who) const;
  /// Some of it, from a place in their order on. Keys with the same hash count as one. O(log n + result).
  [[nodiscard]] some_member_entries some_held_by(const member& who, const member_entry_order& from,
                                                 const step_size& size) const;
  /// A key held twice counts twice. Stops counting when there are more than `limit`. O(limit).
  [[nodiscard]] std::size_t count_held_by(const member& who, std::size_t limit = SIZE_MAX) const noexcept;
  /// No entry of the member has a greater position. O(1).
  [[nodiscard]] std::uint64_t newest_held_by(const member& who) const noexcept;
  [[nodiscard]] bool holds_any(const member& who) const noexcept;
  /// The different keys, in no particular order. O(n).
  [[nodiscard]] std::vector<value> keys_of(const member& who) const;
  /// The positions of the member's entries under the key in join order. O(log n + result).
  [[nodiscard]] std::vector<std::uint64_t> positions_of(const member& who, const value& key) const;
  /// The member's entries under the key at one instant, in join order, however many others there are: O(log n + result), and
  /// O(n) if the key changes again and again meanwhile.
  [[nodiscard]] std::vector<entry> entries_of(const member& who, const value& key) const;
  /// The last of the positions. O(log n).
  [[nodiscard]] std::optional<std::uint64_t> last_position_of(const member& who, const value& key) const noexcept;
  /// The key with this hash that has an entry at this position; null if there is none.
  [[nodiscard]] value key_of(std::uint64_t hash, std::uint64_t position) const noexcept;
  /// The number of entries / of keys. Exact between writes.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t key_count() const noexcept;

  // A writer adds an entry before it publishes the entry, and removes it after the entry is gone. So what a member holds is
  // at any time at least what its entries are.

  // -- the writer; throws nothing but `std::bad_alloc`, and changes nothing then ----------------------------------------------
  /// Publishes the entries of a key in one step; an empty group removes the key. Readers see the old or the new group, never
  /// anything between, and never an absent key during a replacement. O(log n), and once more that after a snapshot.
  void assign(const value& key, group entries);
  /// Publishes what `change` makes of the entries of each key with one of these hashes, as if by `assign`, but for many keys
  /// in a fraction of the time. The hashes are distinct and sorted by `index_order`; `change` gets the number of the hash,
  /// too. It must neither throw nor touch the table. Ends the process when there is no memory.
  using change_of_group = std::function<group(std::size_t number, const value& key, const group& entries)>;
  void edit(std::span<const std::uint64_t> hashes, const change_of_group& change) noexcept;
  /// What `edit` wants hashes to be sorted by.
  [[nodiscard]] static std::uint64_t index_order(std::uint64_t hash) noexcept;
  /// Says that the member holds an entry under the key; its position must be greater than those of the member's others.
  /// Returns whether it is the first. O(log n), mostly in place.
  bool add_member_entry(const member& who, const value& key, std::uint64_t position);
  /// The opposite. Returns whether it was the last; one that is not there is none. O(log n).
  bool remove_member_entry(const member& who, const value& key, std::uint64_t position);
  /// Removes the first part of what a member holds: what `some_held_by` has returned from the beginning, with more to come.
  /// `std::bad_alloc` leaves a part of it.
  void remove_first_member_entries(const member& who, std::span<const member_entry> first);
  /// Removes all that a member holds, in one step.
  void remove_member_entries(const member& who);
  /// Removes everything, in one step for each of the two indexes. O(1); to free what was there is not.
  void clear();
  /// Replaces the handle of a member by an equal one, if the member holds anything.
  void renew(const member& who);
  /// Drops a reference to entries, which may be the last one, with the next garbage.
  void retire(group entries);
  /// A consistent view of all keys. O(1). One that is dropped before the next write costs nothing.
  [[nodiscard]] table_snapshot snapshot();
  /// Takes what has become unreachable for every reader since the last call; cheap when there is nothing, because it looks
  /// at the readers only after a hundred or more replacements. Must be destroyed outside of the lock that serialises the
  /// writers.
  [[nodiscard]] garbage collect() noexcept;
  /// The same, but looks now: for a writer that falls idle, so that removed members do not linger.
  [[nodiscard]] garbage collect_now() noexcept;
  /// For a writer in the middle of much work: frees, now and then, memory of the table's own that no reader can reach any
  /// more, so that it need not be held until `collect`. Runs no code of members or values.
  void reclaim() noexcept;
  /// The number of objects that wait for `collect`. 0 after `collect_now` unless a reader was inside.
  [[nodiscard]] std::size_t uncollected() const noexcept;

private:
  struct state;
  [[nodiscard]] group find_text(std::string_view key) const noexcept;

  std::unique_ptr<state> state_;
};

} // namespace registry
