#pragma once

#include <registry/actor/handle.hpp>
#include <registry/match/matcher.hpp>
#include <registry/match/specification.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/scope/dispatch.hpp>
#include <registry/scope/options.hpp>
#include <registry/scope/scope_actor.hpp>
#include <registry/scope/subscription.hpp>
#include <registry/table/snapshot.hpp>

#include <caf/message.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace registry {

class scope_state;

/// A member argument: anything that names an actor, see `actor_handle`.
class registrant {
public:
  template <actor_handle Handle>
  registrant(const Handle& handle) : who_(as_member(handle)) {} // NOLINT(google-explicit-constructor)
  [[nodiscard]] const member& get() const noexcept { return who_; }

private:
  member who_;
};

/// The handle of an open scope: a named registry that maps each key to entries (member + value). Cheap to copy; all copies
/// are the same scope, and every operation is const, because it changes the scope and not the handle. It becomes inert when the
/// scope is closed: changes fail with `errc::scope_closed`, reads find nothing.
///
/// Every function may be called from any thread, and all but the waits inside of an actor, too. Changes take effect before the call
/// returns, and every thread sees them from then on; monitoring, notification and replication follow asynchronously in commit order.
///
/// Progress: lookups, `members`, `values`, `keys`, `count`, `match`, `whereis`, `dispatch` and `meta` are wait-free up to the
/// memory allocator. `snapshot`, `keys()` and `select` need one consistent cut and take the writer's lock for the time of two
/// pointer copies. Changes take the writer's lock for one table update, or repeatedly when thousands of entries leave; when the log
/// of changes is full they help to distribute it first. No code of the application (callbacks, patterns, destructors) runs under a lock.
class scope {
public:
  explicit scope(std::shared_ptr<scope_state> state) noexcept : state_(std::move(state)) {}

  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] key_mode mode() const noexcept;
  /// The actor that serves the same operations as messages. A scope whose actor crashed has a new one soon after.
  [[nodiscard]] scope_actor actor() const;

  // -- Changes ------------------------------------------------------------------------------------------------------------

  /// Adds an entry. The same member may join a key many times, each entry is independent. A member that terminates loses all
  /// its entries. Errors: `invalid_actor`; `not_local` for an actor of another node; in unique mode `already_registered` with
  /// the holder; `limit_exceeded` if key or value nest deeper than 64 or take more than 32 MiB. Amortised O(log n) in the size of
  /// the group.
  result<void> join(const value& key, const registrant& who, const value& data = {}) const;
  /// Adds one entry per member, as one event; all or none. An empty list succeeds and does nothing. Also
  /// `unique_requires_single_member`.
  result<void> join(const value& key, const std::vector<member>& members, const value& data = {}) const;
  result<void> join(const value& key, std::initializer_list<registrant> members, const value& data = {}) const;
  /// Removes one entry, the latest joined. `not_joined` if there is none.
  result<void> leave(const value& key, const registrant& who) const;
  /// Removes one entry per listed member (a member listed twice loses two) as one event. `not_joined` if none was removed.
  result<void> leave(const value& key, const std::vector<member>& members) const;
  result<void> leave(const value& key, std::initializer_list<registrant> members) const;
  /// Removes all entries that a member has now; returns how many there were. Thousands of entries leave in steps, and readers see the
  /// state between two steps; on return all have left. An exit does the same soon after the actor has terminated.
  result<std::size_t> leave_all(const registrant& who) const;
  /// Replaces the value of all entries of the member under the key. They keep their identity and their place, and no reader
  /// ever misses them. `not_joined` if there are none.
  result<void> update_value(const value& key, const registrant& who, const value& data) const;
  /// The same with a function from the old value to the new one. Atomic: if another thread changes the entries meanwhile it is
  /// called again with the newer values. It runs without any lock and must not throw. It may return a `result<value>`: with an
  /// error nothing changes, and the error is returned.
  template <std::invocable<const value&> Change>
  result<void> update_value(const value& key, const registrant& who, Change&& change) const {
    return transform_value(key, who, std::function<result<value>(const value&)>{std::forward<Change>(change)});
  }
  /// Removes exactly those entries of the member under the key whose value matches; returns how many.
  result<std::size_t> unregister_match(const value& key, const registrant& who, const matcher& which) const;
  result<std::size_t> unregister_match(const value& key, const registrant& who, std::string_view which) const;

  /// `join` that answers whether it registered: in unique mode false when a live local actor holds the key.
  result<bool> register_name(const value& key, const registrant& who, const value& data = {}) const;
  /// Removes every local entry under the key, in steps like `leave_all`. No error if there are none.
  result<void> unregister_name(const value& key) const;

  // -- Reads --------------------------------------------------------------------------------------------------------------

  /// The entries of a key in join order, as a view that stays as it is.
  [[nodiscard]] group lookup(const value& key) const noexcept;
  /// The same for a text key of any type, without building a value.
  template <std::convertible_to<std::string_view> Text>
  [[nodiscard]] group lookup(const Text& key) const noexcept {
    return lookup_text(key);
  }
  /// The entries that were joined on this node. O(n).
  [[nodiscard]] std::vector<entry> lookup_local(const value& key) const;
  /// The handles only, one per entry.
  [[nodiscard]] std::vector<member> members(const value& key) const;
  [[nodiscard]] std::vector<member> local_members(const value& key) const;
  /// The values of the member's entries under the key, in join order.
  [[nodiscard]] std::vector<value> values(const value& key, const registrant& who) const;
  /// The different keys under which the member has entries, in no particular order. Costs what the member holds.
  [[nodiscard]] std::vector<value> keys(const registrant& who) const;
  /// Whether the node that owns an entry is there: true for local entries, false for those of a node that has lost its link or
  /// is silent and has not been given up yet. Dispatches skip what is not reachable.
  [[nodiscard]] bool reachable(const entry_id& held) const noexcept;
  [[nodiscard]] bool reachable(const entry& held) const noexcept { return reachable(held.id()); }
  /// The node that owns an entry; nobody if it has left. Waits for changes that are being handed out.
  [[nodiscard]] std::optional<incarnation> owner(const entry_id& held) const;
  [[nodiscard]] std::optional<incarnation> owner(const entry& held) const { return owner(held.id()); }
  /// The number of entries of the scope / under one key. O(1).
  [[nodiscard]] std::size_t count() const noexcept;
  [[nodiscard]] std::size_t count(const value& key) const noexcept;
  /// All keys that have entries, in no particular order.
  [[nodiscard]] std::vector<value> keys() const;
  /// An immutable, consistent view of the whole scope. O(1).
  [[nodiscard]] table_snapshot snapshot() const;

  /// Unique mode: the local holder, or null. `requires_unique` otherwise.
  [[nodiscard]] result<member> whereis(const value& key) const;

  // -- Queries ------------------------------------------------------------------------------------------------------------

  /// The entries under a key (a literal, never a pattern) whose value matches. `bad_match_spec` only from text.
  [[nodiscard]] result<std::vector<entry>> match(const value& key, const matcher& which) const;
  [[nodiscard]] result<std::vector<entry>> match(const value& key, std::string_view which) const;
  [[nodiscard]] result<std::size_t> count_match(const value& key, const matcher& which) const;
  [[nodiscard]] result<std::size_t> count_match(const value& key, std::string_view which) const;
  /// Runs a match specification over the whole scope on one consistent snapshot: for each entry the result of the first clause
  /// that matches it. Bound keys are looked up, not scanned for.
  [[nodiscard]] result<std::vector<value>> select(const select_spec& spec) const;
  [[nodiscard]] result<std::vector<value>> select(std::string_view spec) const;
  /// How many results are exactly true.
  [[nodiscard]] result<std::size_t> count_select(const select_spec& spec) const;
  [[nodiscard]] result<std::size_t> count_select(std::string_view spec) const;

  // -- Messages -----------------------------------------------------------------------------------------------------------

  /// Calls `use` with the entries of the key, unless there are none; returns how many there were.
  std::size_t dispatch(const value& key, const std::function<void(const group&)>& use) const;
  /// Sends a message to members chosen by the strategy; returns how many it was sent to.
  template <class... Ts>
  std::size_t dispatch(const value& key, const dispatch_strategy& strategy, Ts&&... content) const {
    return dispatch_message(key, strategy, caf::make_message(std::forward<Ts>(content)...));
  }
  std::size_t dispatch_message(const value& key, const dispatch_strategy& strategy, const caf::message& content) const;
  /// Unique mode: sends a message to the local holder and returns it. `not_registered` if there is none.
  template <class... Ts>
  result<member> send(const value& key, Ts&&... content) const {
    return send_message(key, caf::make_message(std::forward<Ts>(content)...));
  }
  [[nodiscard]] result<member> send_message(const value& key, const caf::message& content) const;

  // -- Metadata of the scope, local to the node ---------------------------------------------------------------------------

  result<void> put_meta(const value& name, const value& data) const;
  [[nodiscard]] std::optional<value> meta(const value& name) const;
  result<void> delete_meta(const value& name) const;

  // -- Subscriptions ------------------------------------------------------------------------------------------------------

  /// Subscribes a local actor to a key, or to all keys. It gets `events` messages until `demonitor` or its termination.
  /// Errors: `invalid_actor`, `not_local`.
  result<subscription_start> monitor(const value& key, const registrant& subscriber) const;
  result<subscription_start> monitor_scope(const registrant& subscriber) const;
  /// Ends a subscription: `events::take` of this reference yields nothing from now on. `unknown_reference` if there is none.
  result<void> demonitor(subscription_ref reference) const;

  // -- Waits. They block the calling thread. Those with a timeout fail inside of an actor with `invalid_argument` unless it is 0: a
  //    coroutine actor uses `awaitable_scope`, any other can send `await_request` to `actor()`.

  /// Waits until the key has an entry and returns its entries; `timeout` otherwise.
  [[nodiscard]] result<group> wait_for_key(const value& key, std::chrono::milliseconds timeout) const;
  /// Waits until all that the linked nodes have in this scope is here (what they join meanwhile may be under way), or until all of
  /// them have what was committed here before the call. At once for a node that is alone, or not linked
  /// yet: `node::wait_joined` comes first. Errors: `timeout`, `scope_closed`.
  [[nodiscard]] result<void> wait_synced(std::chrono::milliseconds timeout) const;
  [[nodiscard]] result<void> wait_replicated(std::chrono::milliseconds timeout) const;
  /// Returns when every change that was committed before the call has been handed to subscribers and listeners. A companion
  /// handles a message inside of its delivery: one that another thread delivers is waited for up to a second, one that this
  /// thread delivers not at all.
  void flush() const;

  /// For the parts of this library.
  [[nodiscard]] const std::shared_ptr<scope_state>& state() const noexcept { return state_; }

private:
  [[nodiscard]] group lookup_text(std::string_view key) const noexcept;
  result<void> join_checked(const value& key, std::span<const member> members, const value& data) const;
  result<void> transform_value(const value& key, const registrant& who,
                               const std::function<result<value>(const value&)>& change) const;

  std::shared_ptr<scope_state> state_;
};

/// Spawns an actor and registers it in one step: `spawn_registered(system, rooms, "lobby", object("topic", "all"), fun, …)`.
/// If the key is taken (unique mode) the error carries the holder and no actor is left behind.
template <class System, class F, class... Ts>
result<member> spawn_registered(System& system, const scope& where, const value& key, const value& data, F&& fun,
                                Ts&&... args) {
  // Asking first keeps the usual conflict free of a started actor; a race that is lost in between is undone.
  if (where.mode() == key_mode::unique) {
    for (const auto& held : where.lookup(key)) {
      if (held.is_local() && registry::is_alive(held.who))
        return error::held_by(held.who);
    }
  }
  auto who = as_member(system.spawn(std::forward<F>(fun), std::forward<Ts>(args)...));
  if (auto joined = where.join(key, who, data); !joined) {
    registry::kill(who);
    return joined.error();
  }
  return who;
}

} // namespace registry
