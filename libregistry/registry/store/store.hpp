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

namespace registry {

/// How to set up a `store`.
struct store_options {
  key_mode mode = key_mode::duplicate;
  /// Bound of the commit log, in events.
  std::size_t log_capacity = 65'536;
  /// Tells whether an actor still runs. A unique key held by a terminated one is free. Must be cheap and must not call back.
  std::function<bool(const member&)> is_alive = [](const member&) { return true; };
};

/// The content of one scope and the rules of its operations: entries by key and member, the commit log, and the key mode.
/// Deterministic and without I/O, clock or lock.
///
/// The functions that change something are for one writer at a time (the owner serialises them); `entries()` may be read
/// from any thread at any time. A failed operation changes nothing.
///
/// Memory: what is returned as an error was found out before anything changed. If there is no memory for a change, it would
/// be left half done, in the table, the index of members and the log; so the process ends with a message
/// (`end_without_memory`). That holds for all functions that change something; reading throws `std::bad_alloc` where it
/// returns a container.
class store {
public:
  explicit store(store_options options);

  [[nodiscard]] key_mode mode() const noexcept { return options_.mode; }
  [[nodiscard]] const table& entries() const noexcept { return table_; }
  [[nodiscard]] commit_log& log() noexcept { return log_; }

  /// A view of everything, and the commit it belongs to. O(1).
  struct cut {
    table_snapshot entries;
    std::uint64_t commit = 0;
  };
  [[nodiscard]] cut snapshot();

  /// What one change may take, encoded: other nodes get it in one frame.
  static constexpr std::size_t max_change_bytes = std::size_t{32} << 20;
  /// What a key and a value of it take in a change. Made by `measure`.
  class change_size {
  public:
    /// Whether so many entries of the key may get the value at once: `limit_exceeded` if all together are too large. O(1).
    [[nodiscard]] result<void> check(std::size_t entries) const;
    /// Of the key and the value, once. More than a change may take stands for all that is more.
    [[nodiscard]] std::size_t bytes() const noexcept { return key_ + entry_; }

  private:
    friend store;
    change_size(std::size_t key, std::size_t entry) noexcept : key_(key), entry_(entry) {}
    std::size_t key_;
    std::size_t entry_;
  };
  /// Looks at all of a key and a value, which may be many parts, though no more than a change may have: for before the
  /// writer's lock. `limit_exceeded` if one of them nests deeper than any decoder accepts. Any thread.
  [[nodiscard]] static result<change_size> measure(const value& key, const value& data);

  /// Adds one entry per member, in order, as one event.
  result<void> join(const value& key, std::span<const member> members, const value& data);
  /// The same when the size of this key and value is known already.
  result<void> join(const value& key, std::span<const member> members, const value& data, const change_size& size);
  /// Removes the latest local entry of each listed member; those without one are skipped.
  result<void> leave(const value& key, std::span<const member> members, reason why = reason::explicit_request);
  // -- bulk work, in steps: between two of them others may change what they like. A step takes O(k log n) for its k entries, and is
  //    one event per key, exact; a key of some thousands of entries takes several steps.

  /// The local entries of a member that were there at the first step leave.
  struct departure {
    member who;
    reason why = reason::explicit_request;
    std::size_t removed = 0;
    bool complete = false;
    std::optional<std::uint64_t> end{}; ///< the first position that came later
    member_entry_order next{};
  };
  void step(departure& x);
  /// All steps at once. Returns how many entries left.
  std::size_t leave_all(const member& who, reason why);

  /// The local entries under a key that were there at the first step leave.
  struct vacation {
    value key;
    reason why = reason::explicit_request;
    std::size_t removed = 0;
    bool complete = false;
    std::optional<std::uint64_t> end{};
    std::uint64_t next = 0; ///< the first position that has not been looked at
    /// Entries that have left while their members' side of the index still has these positions.
    group gone{};
    std::vector<std::uint64_t> held{};
  };
  void step(vacation& x);
  std::size_t leave_key(const value& key, reason why = reason::explicit_request);

  /// Removes everything, without events: the scope ends. O(1), but for freeing what there was, see `collect_now`.
  void clear();

  /// One entry to change: where it is, the value it is expected to have, the new value.
  struct replacement {
    std::uint64_t position = 0;
    value expected;
    value data;
  };
  /// Sets new values if the member's local entries under the key are exactly those listed (all of them, in join order, with
  /// the expected values); otherwise changes nothing and returns false. This lets the caller compute the values outside of
  /// the writer's lock and try again when somebody was faster. `bytes` is what the new values take, as of `measure`.
  bool update_if(const value& key, const member& who, std::span<const replacement> changes, std::size_t bytes);
  /// Sets the value of all local entries of a member under a key.
  result<void> update(const value& key, const member& who, const value& data);
  /// The same when the size of this key and value is known already.
  result<void> update(const value& key, const member& who, const value& data, const change_size& size);

  /// One entry to remove: where it is and the value it is expected to have.
  struct removal {
    std::uint64_t position = 0;
    value expected;
  };
  /// Removes local entries of the member if all of them are still there with the expected values; otherwise changes nothing
  /// and returns false.
  bool leave_if(const value& key, const member& who, std::span<const removal> entries);

  // -- entries of other nodes: only these change them, and they change no others. An origin is 1 or greater. ------------------
  /// Makes changes the owner has made, in order, each as one event. `errc::malformed` at the first that does not fit what is
  /// held of the origin (an unknown entry, an entry twice); that one and those after it change nothing. O(log n) per entry.
  result<void> apply(std::uint32_t origin, std::span<const remote_change> changes);
  struct installation;

  // Bulk work, in steps like those above; what begins it changes nothing that readers and local writers see, and need not exclude
  // them.

  /// Makes what is held of the origin equal to `content` (each number once, groups of one key in a row), which must live as
  /// long; with one event per key and verb, for `reason::resync`. An entry that has not changed gives no event, but takes the new
  /// handle. `digest` is that of the content. O(log n) per entry.
  [[nodiscard]] std::shared_ptr<installation> begin_install(std::uint32_t origin, std::span<const remote_group> content,
                                                            const content_digest& digest);
  /// Returns whether there are more steps to come.
  bool step(installation& x);
  void install(std::uint32_t origin, std::span<const remote_group> content, const content_digest& digest);

  struct eviction;
  /// Removes all that is held of the origin, with one event per key and step. O(n) for n entries, whatever else there is. One at a
  /// time: the next begins after the last step of this one.
  [[nodiscard]] std::shared_ptr<eviction> begin_purge(std::uint32_t origin, reason why);
  /// For before each step: returns whether there is one to come. Need not exclude local writers either.
  bool prepare(eviction& x) const;
  void step(eviction& x);
  /// Returns how many entries it was.
  std::size_t purge(std::uint32_t origin, reason why);
  /// The digest of what is held of the origin. O(1).
  [[nodiscard]] content_digest digest_of(std::uint32_t origin) const;

  /// See `table::collect`; looks now if much has come in, which may have replaced much. So what waits to be collected is bounded
  /// in bytes: to what was held, and a megabyte.
  [[nodiscard]] garbage collect() { return arrived_bytes_ < max_arrived_bytes ? table_.collect() : collect_now(); }
  /// See `table::collect_now`.
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
  static constexpr step_size usual_step{512, 4096, 512};
  /// Smaller, because what a member holds lies all over the index.
  static constexpr step_size member_step{128, 4096, 512};

  result<void> claim(const value& key);
  void leave_at_once(const member& who, const value& key);
  result<void> check(const content_of_origin& held, const remote_change& change) const;
  void make(std::uint32_t origin, content_of_origin& held, const remote_change& change);
  void take(departure& x);
  void take(vacation& x);
  void remove_entries(vacation& x);
  void forget_entries(vacation& x);
  void fill_step(installation& x);
  void change_step(installation& x);
  void evict_entries(eviction& x);
  void evict_member_entries(eviction& x);
  void add_remote(std::uint32_t origin, content_of_origin& held, const value& key, std::span<const remote_entry> entries,
                  reason why);
  void update_remote(std::uint32_t origin, const value& key, std::span<const remote_entry> entries, reason why);
  void remove_remote(std::uint32_t origin, const value& key, std::span<const std::uint64_t> numbers, reason why);
  group leave_remote(const value& key, const group& entries, std::span<const std::uint64_t> positions, reason why);
  void renew_remote(const content_of_origin& held, const value& key, std::span<const remote_entry> entries);
  std::vector<difference> compare(const content_of_origin& held, std::span<const remote_group> content) const;
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

} // namespace registry
