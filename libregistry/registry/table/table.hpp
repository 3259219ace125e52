#pragma once

#include <registry/table/group.hpp>

#include <cstddef>
#include <string_view>

namespace registry {

/// An immutable view of the whole table at one instant. Copyable, readable from any thread, valid for as long as it is held,
/// also after the table is gone. Costs the memory of what has changed since it was taken.
class table_snapshot {
public:
  table_snapshot() noexcept = default;
  /// The number of entries, and of keys.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t key_count() const noexcept;
  /// The entries of a key. O(log n).
  [[nodiscard]] group find(const value& key) const;
  /// Calls `visit(const value& key, const group& entries)` for every key, in no particular order (the same for two visits
  /// of one snapshot).
  template <class Visitor>
  void for_each(Visitor&& visit) const;
};

/// Memory that no reader can reach any more. Freeing it may run destructors of actors, so the owner destroys it outside of
/// any lock.
class garbage;

/// The entries of a scope by key and by member.
///
/// One writer at a time (the owner serialises); any number of readers on any thread at any time.
/// Progress: `find`, `held_by`, `size` are wait-free. A write never waits for a reader.
class table {
public:
  table();
  ~table(); // no reader may be inside; views and snapshots may outlive the table
  table(const table&) = delete;
  table& operator=(const table&) = delete;

  // -- any thread ---------------------------------------------------------------------------------------------------------
  [[nodiscard]] group find(const value& key) const noexcept;
  /// The same for a string key, without building a value.
  [[nodiscard]] group find(std::string_view key) const noexcept;
  [[nodiscard]] holdings held_by(const member& who) const noexcept;
  /// The number of entries / of keys. Exact between writes.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t key_count() const noexcept;

  // -- the writer ---------------------------------------------------------------------------------------------------------
  /// Publishes the entries of a key in one step; an empty group removes the key. Readers see the old or the new group, never
  /// anything between, and never an absent key during a replacement.
  void assign(const value& key, group entries);
  /// Publishes what a member holds; nothing removes the member from the index.
  void assign(const member& who, holdings held);
  /// A consistent view of all keys. O(1).
  [[nodiscard]] table_snapshot snapshot();
  /// Takes what has become unreachable for every reader since the last call; cheap when there is nothing. Must be destroyed
  /// outside of the lock that serialises the writers.
  [[nodiscard]] garbage collect();
};

} // namespace registry
