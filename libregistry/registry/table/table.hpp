#pragma once

#include <registry/internal/garbage.hpp>
#include <registry/table/group.hpp>
#include <registry/table/holdings.hpp>
#include <registry/table/snapshot.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace registry {

/// The entries of a scope by key and by member.
///
/// One writer at a time (the owner serialises); any number of readers on any thread at any time.
/// Progress: `find`, `held_by`, `size` are wait-free (the first read of a thread allocates). A write never waits for a reader.
/// A reader that is suspended inside of a read delays the freeing of what is replaced meanwhile, nothing else.
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
  [[nodiscard]] holdings held_by(const member& who) const noexcept;
  /// The key with this hash that has an entry at this position; null if there is none.
  [[nodiscard]] value key_of(std::uint64_t hash, std::uint64_t position) const noexcept;
  /// The number of entries / of keys. Exact between writes.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t key_count() const noexcept;

  // -- the writer; throws nothing but `std::bad_alloc`, and changes nothing then ----------------------------------------------
  /// Publishes the entries of a key in one step; an empty group removes the key. Readers see the old or the new group, never
  /// anything between, and never an absent key during a replacement. O(log n), and once more that after a snapshot.
  void assign(const value& key, group entries);
  /// Publishes what a member holds; nothing removes the member from the index.
  void assign(const member& who, holdings held);
  /// Publishes what `change` makes of the entries of each key with one of these hashes, as if by `assign`, but for many keys in
  /// a fraction of the time. The hashes are distinct and sorted by `index_order`; `change` gets the number of the hash, too. It
  /// must neither throw nor touch the table. Ends the process when there is no memory.
  using change_of_group = std::function<group(std::size_t number, const value& key, const group& entries)>;
  void edit(std::span<const std::uint64_t> hashes, const change_of_group& change) noexcept;
  /// What `edit` wants hashes to be sorted by.
  [[nodiscard]] static std::uint64_t index_order(std::uint64_t hash) noexcept;
  /// A consistent view of all keys. O(1). One that is dropped before the next write costs nothing.
  [[nodiscard]] table_snapshot snapshot();
  /// Takes what has become unreachable for every reader since the last call; cheap when there is nothing, because it looks
  /// at the readers only after a hundred or more replacements. Must be destroyed outside of the lock that serialises the
  /// writers.
  [[nodiscard]] garbage collect() noexcept;
  /// The same, but looks now: for a writer that falls idle, so that removed members do not linger.
  [[nodiscard]] garbage collect_now() noexcept;
  /// The number of objects that wait for `collect`. 0 after `collect_now` unless a reader was inside.
  [[nodiscard]] std::size_t uncollected() const noexcept;

private:
  struct state;
  [[nodiscard]] group find_text(std::string_view key) const noexcept;

  std::unique_ptr<state> state_;
};

} // namespace registry
