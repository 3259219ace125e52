#pragma once

#include <registry/entry/digest.hpp>
#include <registry/entry/remote.hpp>
#include <registry/error/error.hpp>
#include <registry/hash/secret.hpp>
#include <registry/store/commit_log.hpp>
#include <registry/store/key_mode.hpp>
#include <registry/table/table.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace registry::inline v0_2 {

/// The options of a `store`.
struct store_options {
  /// Whether a key has one holder per node, or any number of members.
  key_mode mode = key_mode::duplicate;
  /// The bound of the commit log, in events.
  std::size_t log_capacity = 65'536;
  /// Whether an actor still runs. A unique key held by a terminated one is free. Must be cheap and must not call back.
  std::function<bool(const member&)> is_alive = [](const member&) { return true; };
  /// Bounds of one step of bulk work, in entries. At least 1, and the last no more than the one before; tests make them small.
  step_size steps{512, 4096, 512};
};

/// The content of one scope and the rules of its operations: entries by key and member, the commit log, and the key mode.
/// Deterministic and without I/O, clock or lock.
///
/// Functions that change something are for one writer at a time (the owner serialises them); `entries()` may be read from
/// any thread at any time. A failed operation changes nothing.
///
/// Memory: a change that runs out of it would be left half done, in the table, the index of members and the log; so the
/// process ends with a message. All errors are found before the change begins. Functions that read throw `std::bad_alloc`
/// where they return a container.
class store {
public:
  /// An empty store.
  explicit store(store_options options);

  /// The mode, for its whole life.
  [[nodiscard]] key_mode mode() const noexcept { return options_.mode; }
  /// The table, for reads from any thread.
  [[nodiscard]] const table& entries() const noexcept { return table_; }
  /// The changes to distribute; belongs to the writer.
  [[nodiscard]] commit_log& log() noexcept { return log_; }

  /// A view of all entries at one commit.
  struct cut {
    table_snapshot entries;   ///< the entries after that commit
    std::uint64_t commit = 0; ///< the last commit in the view
  };
  /// A consistent cut. O(1); for the writer.
  [[nodiscard]] cut snapshot();

  /// The largest change, as encoded bytes: other nodes get it in one frame.
  static constexpr std::size_t max_change_bytes = std::size_t{32} << 20;
  /// The size of a key and a value in a change. Made by `measure`.
  class change_size {
  public:
    /// `limit_exceeded` if this many entries of the key with this value are too large for one change. O(1).
    [[nodiscard]] result<void> check(std::size_t entries) const;
    /// The size of the key and the value, once. Numbers beyond `max_change_bytes` are not exact.
    [[nodiscard]] std::size_t bytes() const noexcept { return key_ + entry_; }

  private:
    friend store;
    change_size(std::size_t key, std::size_t entry) noexcept : key_(key), entry_(entry) {}
    std::size_t key_;
    std::size_t entry_;
  };
  /// Measures a key and a value. Linear in their parts, up to the largest change; so it belongs before the writer's lock.
  /// Errors: `limit_exceeded` if one of them nests deeper than `value::max_depth`. Any thread.
  [[nodiscard]] static result<change_size> measure(const value& key, const value& data);

  ///@{
  /// Adds one entry per member, in order, as one event; all or none. With `size` the key and value are not measured again.
  /// O(m log n). Errors: `invalid_actor`, `limit_exceeded`; in unique mode
  /// `unique_requires_single_member` and `already_registered`.
  result<void> join(const value& key, std::span<const member> members, const value& data);
  result<void> join(const value& key, std::span<const member> members, const value& data, const change_size& size);
  ///@}
  /// Removes the latest local entry of each listed member, as one event; members without one are skipped. O(m log n).
  /// Errors: `not_joined` if none has an entry.
  result<void> leave(const value& key, std::span<const member> members, reason why = reason::explicit_request);
  // -- bulk work, in steps: other changes may come between two steps. A step takes O(k log n) for its k entries, and is one
  //    event per key; a key of some thousands of entries takes several steps.

  /// The removal of the local entries that a member has at the first step. Set `who` and `why`, then call `step` until
  /// `complete`; the rest belongs to the store.
  struct departure {
    member who;                            ///< the member to remove
    reason why = reason::explicit_request; ///< the cause in its events
    std::size_t removed = 0;               ///< the number of entries removed until now
    bool complete = false;                 ///< whether all have left
    std::optional<std::uint64_t> end{};    ///< the first position that came later
    member_entry_order next{};             ///< the start of the next step
  };
  /// The next step of a departure.
  void step(departure& x);
  /// All steps of a departure at once; the number of entries removed.
  std::size_t leave_all(const member& who, reason why);

  /// The removal of the local entries that a key has at the first step. Set `key` and `why`, then call `step` until
  /// `complete`; the rest belongs to the store.
  struct vacation {
    value key;                             ///< the key to vacate
    reason why = reason::explicit_request; ///< the cause in its events
    std::size_t removed = 0;               ///< the number of entries removed until now
    bool complete = false;                 ///< whether all have left
    std::optional<std::uint64_t> end{};    ///< the first position that came later
    std::uint64_t next = 0;                ///< the first position not looked at yet
    group gone{};                          ///< entries that have left the table, but not the index of members
    std::vector<std::uint64_t> held{};     ///< their positions
  };
  /// The next step of a vacation.
  void step(vacation& x);
  /// All steps of a vacation at once; the number of entries removed.
  std::size_t leave_key(const value& key, reason why = reason::explicit_request);

  /// Removes everything, without events, for the end of a scope. O(1); the entries become garbage, see `collect_now`.
  void clear();

  /// One entry to change.
  struct replacement {
    std::uint64_t position = 0; ///< `entry::position` of the entry
    value expected;             ///< the value that it must still have
    value data;                 ///< the new value
  };
  /// Sets new values if the member's local entries under the key are exactly those listed (all of them, in join order, with
  /// the expected values); otherwise changes nothing and returns false. So the caller computes values without the writer's
  /// lock, and tries again when another writer was faster. `bytes` is the size of the new values, as of `measure`.
  bool update_if(const value& key, const member& who, std::span<const replacement> changes, std::size_t bytes);
  ///@{
  /// Sets the value of all local entries of a member under a key, as one event. With `size` the key and value are not
  /// measured again. O(k log n) for k entries. Errors: `not_joined`, `limit_exceeded`.
  result<void> update(const value& key, const member& who, const value& data);
  result<void> update(const value& key, const member& who, const value& data, const change_size& size);
  ///@}

  /// One entry to remove.
  struct removal {
    std::uint64_t position = 0; ///< `entry::position` of the entry
    value expected;             ///< the value that it must still have
  };
  /// Removes local entries of the member if all of them are still there with the expected values; otherwise changes nothing
  /// and returns false.
  bool leave_if(const value& key, const member& who, std::span<const removal> entries);

  // -- entries of other nodes: only these change them, and they change no others. An origin is 1 or greater. --------------
  /// Repeats changes that the owner has made, in order, each as one event. O(log n) per entry. Errors: `malformed` at the
  /// first change that contradicts the entries of the origin (an unknown entry, an entry twice); that one and those after it
  /// change nothing.
  result<void> apply(std::uint32_t origin, std::span<const remote_change> changes);
  // Bulk work, in steps like those above. Its beginning changes nothing, and O(1). The caller alternates between preparation,
  // which need not exclude readers or local writers, and steps, which exclude writers. Until it is complete, nothing else
  // changes the entries of the origin; work that is dropped leaves them half changed.

  /// What comes next in bulk work.
  enum class stage : std::uint8_t {
    preparing, ///< call `prepare` again
    ready,     ///< call `step`
    complete,  ///< nothing
  };

  /// The state of `begin_install`, opaque.
  struct installation;
  /// Begins to make the entries of the origin equal to `content` (each number once, groups of one key in a row), with one event
  /// per key and verb, for `reason::resync`. An entry that has not changed gives no event, but takes the new handle. `digest`
  /// is that of the content, whose memory is freed as it is installed. O(log n) per entry.
  [[nodiscard]] std::shared_ptr<installation> begin_install(std::uint32_t origin, std::vector<remote_group> content,
                                                            const content_digest& digest);
  /// Prepares the next step of an installation: looks at some thousands of entries, at most.
  stage prepare(installation& x);
  /// The next step of an installation, which `prepare` has announced.
  void step(installation& x);
  /// All of an installation at once.
  void install(std::uint32_t origin, std::vector<remote_group> content, const content_digest& digest);

  /// The state of `begin_purge`, opaque.
  struct eviction;
  /// Begins to remove all entries of the origin, with one event per key and step. O(n) for n entries of the origin. One at a
  /// time: the first preparation comes after the last step of the one before.
  [[nodiscard]] std::shared_ptr<eviction> begin_purge(std::uint32_t origin, reason why);
  /// Prepares the next step of an eviction: looks at some thousands of entries, at most, or at all of one key.
  stage prepare(eviction& x) const;
  /// The next step of an eviction, which `prepare` has announced.
  void step(eviction& x);
  /// All of an eviction at once; the number of entries removed.
  std::size_t purge(std::uint32_t origin, reason why);
  /// The digest of the origin's entries. O(1).
  [[nodiscard]] content_digest digest_of(std::uint32_t origin) const;

  /// As `table::collect`, but as `table::collect_now` after a megabyte of new content, which may have replaced as much. So
  /// the garbage that waits is bounded in bytes.
  [[nodiscard]] garbage collect() { return arrived_bytes_ < max_arrived_bytes ? table_.collect() : collect_now(); }
  /// As `table::collect_now`.
  [[nodiscard]] garbage collect_now() {
    arrived_bytes_ = 0;
    return table_.collect_now();
  }

private:
  /// Where an entry of another node is held: the hash of its key, which takes less room than the key, and the position,
  /// which no other entry has.
  struct place {
    std::uint64_t hash = 0;
    std::uint64_t position = 0;
  };
  /// All that is held of one origin, by the owner's numbers.
  struct content_of_origin {
    boost::unordered_flat_map<std::uint64_t, place, number_hash> places;
    content_digest digest;
  };
  struct difference;
  class latest_entries;

  static constexpr std::size_t max_arrived_bytes = std::size_t{1} << 20;
  /// Smaller, because the entries of a member lie all over the index.
  static constexpr step_size member_step{128, 4096, 512};

  result<void> claim(const value& key);
  void leave_at_once(const member& who, const value& key);
  result<void> check(const content_of_origin& held, const remote_change& change) const;
  void make(std::uint32_t origin, content_of_origin& held, const remote_change& change);
  void take(departure& x);
  void take(vacation& x);
  void remove_entries(vacation& x);
  void forget_entries(vacation& x);
  void begin(installation& x);
  void fill_step(installation& x);
  void change_step(installation& x);
  void compare(installation& x) const;
  void find_gone(installation& x) const;
  void evict_entries(eviction& x);
  void evict_member_entries(eviction& x);
  void add_remote(std::uint32_t origin, content_of_origin& held, const value& key, std::span<const remote_entry> entries,
                  reason why);
  void update_remote(std::uint32_t origin, const value& key, std::span<const remote_entry> entries, reason why);
  void remove_remote(std::uint32_t origin, const value& key, std::span<const std::uint64_t> numbers, reason why);
  group leave_remote(const value& key, const group& entries, std::span<const std::uint64_t> positions, reason why);
  void renew_remote(const content_of_origin& held, const value& key, std::span<const remote_entry> entries);
  std::vector<std::uint64_t> positions_of(const group& entries, const value& key, const member& who) const;
  void forget(const member& who, const value& key, std::uint64_t position);
  void remove(const value& key, group entries, std::span<const std::uint64_t> positions, reason why);

  store_options options_;
  table table_;
  commit_log log_;
  std::uint64_t next_position_ = 1;
  boost::unordered_flat_map<std::uint32_t, content_of_origin> origins_;
  /// By joins and updates here, since something was collected.
  std::size_t arrived_bytes_ = 0;
};

} // namespace registry::inline v0_2
