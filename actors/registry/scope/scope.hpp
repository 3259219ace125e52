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

namespace registry::inline v0_2 {

class scope_state;

/// A parameter that takes any type that names an actor, see `actor_handle`.
class registrant {
public:
  /// The actor of a handle or pointer; null is refused by the operation with `errc::invalid_actor`.
  template <actor_handle Handle>
  registrant(const Handle& handle) : who_(as_member(handle)) {} // NOLINT(google-explicit-constructor)
  /// The handle, perhaps null.
  [[nodiscard]] const member& get() const noexcept { return who_; }

private:
  member who_;
};

/// The handle of an open scope: a named registry that maps each key to entries (member + value). Cheap to copy; all copies
/// are the same scope, and every operation is const, because it changes the scope and not the handle. It becomes inert when
/// the scope is closed: changes fail with `errc::scope_closed`, reads find nothing.
///
/// Every function may be called from any thread, and all but the waits inside of an actor, too. Changes take effect before
/// the call returns, and every thread sees them from then on; monitoring, notification and replication follow asynchronously
/// in commit order. n is the number of entries of the key in question, if nothing else is said.
///
/// Progress: lookups, `members`, `values`, `keys`, `count`, `match`, `whereis`, `dispatch` and `meta` are wait-free up to
/// the memory allocator. `snapshot`, `keys()` and `select` need one consistent cut and take the writer's lock for the time
/// of two pointer copies. Changes take the writer's lock for one table update, or repeatedly when thousands of entries
/// leave; when the log of changes is full they help to distribute it first. A dispatch to members on other nodes takes the
/// lock under which changes are distributed. No code of the application (callbacks, patterns, destructors) runs under a
/// lock.
class scope {
public:
  /// `node::open_scope` and `node::find_scope` make these.
  explicit scope(std::shared_ptr<scope_state> state) noexcept : state_(std::move(state)) {}

  /// The name in its options; lives as long as the handle.
  [[nodiscard]] const std::string& name() const noexcept;
  /// The mode in its options.
  [[nodiscard]] key_mode mode() const noexcept;
  /// The actor that serves the same operations as messages. A scope whose actor crashed has a new one soon after.
  [[nodiscard]] scope_actor actor() const;

  // -- Changes ------------------------------------------------------------------------------------------------------------

  /// Adds an entry. The same member may join a key many times; each entry is independent. A member that terminates loses all
  /// its entries. Amortised O(log n). Errors: `invalid_actor`; `not_local` for an actor of another node; in unique mode
  /// `already_registered` with the holder; `limit_exceeded` if key or value nest deeper than 64 or take more than 32 MiB;
  /// `scope_closed`.
  result<void> join(const value& key, const registrant& who, const value& data = {}) const;
  ///@{
  /// Adds one entry per member, as one event; all or none. An empty list succeeds and does nothing. O(m log n) for m
  /// members. Errors: those of a single join, and `unique_requires_single_member`.
  result<void> join(const value& key, const std::vector<member>& members, const value& data = {}) const;
  result<void> join(const value& key, std::initializer_list<registrant> members, const value& data = {}) const;
  ///@}
  /// Removes one local entry, the latest joined. O(log n). Errors: `not_joined` if there is none; `scope_closed`.
  result<void> leave(const value& key, const registrant& who) const;
  ///@{
  /// Removes one entry per listed member (a member listed twice loses two) as one event. O(m log n) for m members. Errors:
  /// `not_joined` if none was removed; `scope_closed`.
  result<void> leave(const value& key, const std::vector<member>& members) const;
  result<void> leave(const value& key, std::initializer_list<registrant> members) const;
  ///@}
  /// Removes all entries that a member has at the beginning of the call, and gives their number. Thousands of entries leave
  /// in steps, and readers see the state between two steps; on return all have left. An exit has the same effect soon after
  /// the actor has terminated. O(k log n) for k entries. Errors: `scope_closed`.
  result<std::size_t> leave_all(const registrant& who) const;
  /// Replaces the value of all local entries of the member under the key. They keep their identity and their place, and no
  /// reader ever misses them. O(k log n) for k entries. Errors: `not_joined` if there are none; `limit_exceeded` as for
  /// `join`; `scope_closed`.
  result<void> update_value(const value& key, const registrant& who, const value& data) const;
  /// Replaces the values with the result of a function of the old value. Atomic: if another thread changes the entries
  /// meanwhile, the function is called again with the newer values. It runs without a lock and must not throw. It may return
  /// a `result<value>`: with an error nothing changes, and the call returns that error.
  template <std::invocable<const value&> Change>
  result<void> update_value(const value& key, const registrant& who, Change&& change) const {
    return transform_value(key, who, std::function<result<value>(const value&)>{std::forward<Change>(change)});
  }
  ///@{
  /// Removes exactly those local entries of the member under the key whose value matches, and gives their number. Atomic,
  /// like an update with a function. Errors: `bad_match_spec` or `limit_exceeded` from text; `scope_closed`.
  result<std::size_t> unregister_match(const value& key, const registrant& who, const matcher& which) const;
  result<std::size_t> unregister_match(const value& key, const registrant& who, std::string_view which) const;
  ///@}

  /// As `join`, but false in place of the error when a live local actor holds the unique key.
  result<bool> register_name(const value& key, const registrant& who, const value& data = {}) const;
  /// Removes every local entry under the key, in steps like `leave_all`. Success also without entries. Errors:
  /// `scope_closed`.
  result<void> unregister_name(const value& key) const;

  // -- Reads --------------------------------------------------------------------------------------------------------------

  /// The entries of a key in join order, as a view that stays as it is; empty for a key without entries. O(log k) for k
  /// keys.
  [[nodiscard]] group lookup(const value& key) const noexcept;
  /// The entries of a text key of any type, without building a value.
  template <std::convertible_to<std::string_view> Text>
  [[nodiscard]] group lookup(const Text& key) const noexcept {
    return lookup_text(key);
  }
  /// The entries of a key that were joined on this node, in join order. O(n).
  [[nodiscard]] std::vector<entry> lookup_local(const value& key) const;
  ///@{
  /// The handles of all entries of a key, or of those joined on this node: one per entry, in join order. O(n).
  [[nodiscard]] std::vector<member> members(const value& key) const;
  [[nodiscard]] std::vector<member> local_members(const value& key) const;
  ///@}
  /// The values of the member's entries under the key, in join order. O(log n) and the result.
  [[nodiscard]] std::vector<value> values(const value& key, const registrant& who) const;
  /// The different keys under which the member has entries, in no particular order. Linear in the member's entries.
  [[nodiscard]] std::vector<value> keys(const registrant& who) const;
  ///@{
  /// Whether the owner of an entry is linked: true for local entries, false for those of a node that has lost its link or is
  /// silent, but is not yet taken for down. A dispatch skips the entries of lost nodes, and those of silent ones if its
  /// strategy is `only_reachable`. O(1), wait-free.
  [[nodiscard]] bool reachable(const entry_id& held) const noexcept;
  [[nodiscard]] bool reachable(const entry& held) const noexcept { return reachable(held.id()); }
  ///@}
  ///@{
  /// The node that owns an entry; nothing if that node has left, or if this one is alone. Blocks while changes are handed
  /// out.
  [[nodiscard]] std::optional<incarnation> owner(const entry_id& held) const;
  [[nodiscard]] std::optional<incarnation> owner(const entry& held) const { return owner(held.id()); }
  ///@}
  ///@{
  /// The number of entries of the scope, or of one key. O(1), wait-free.
  [[nodiscard]] std::size_t count() const noexcept;
  [[nodiscard]] std::size_t count(const value& key) const noexcept;
  ///@}
  /// All keys that have entries, in no particular order. O(k) for k keys.
  [[nodiscard]] std::vector<value> keys() const;
  /// An immutable, consistent view of the whole scope. O(1).
  [[nodiscard]] table_snapshot snapshot() const;

  /// The live local holder of a unique key, or null. O(n), with one entry per node. Errors: `requires_unique` in
  /// duplicate mode.
  [[nodiscard]] result<member> whereis(const value& key) const;

  // -- Queries ------------------------------------------------------------------------------------------------------------

  ///@{
  /// The entries under a key (a literal, never a pattern) whose value matches, in join order, or their number. O(n). Errors:
  /// `bad_match_spec` or `limit_exceeded`, from text only; the position counts bytes.
  [[nodiscard]] result<std::vector<entry>> match(const value& key, const matcher& which) const;
  [[nodiscard]] result<std::vector<entry>> match(const value& key, std::string_view which) const;
  [[nodiscard]] result<std::size_t> count_match(const value& key, const matcher& which) const;
  [[nodiscard]] result<std::size_t> count_match(const value& key, std::string_view which) const;
  ///@}
  ///@{
  /// Runs a match specification over the whole scope on one consistent snapshot: for each entry the result of the first
  /// clause that matches it. Linear in the entries of the scope; of clauses with literal keys, in the entries of these.
  /// Errors: as for `match`.
  [[nodiscard]] result<std::vector<value>> select(const select_spec& spec) const;
  [[nodiscard]] result<std::vector<value>> select(std::string_view spec) const;
  ///@}
  ///@{
  /// The number of results of a `select` that are exactly true. Complexity and errors as there.
  [[nodiscard]] result<std::size_t> count_select(const select_spec& spec) const;
  [[nodiscard]] result<std::size_t> count_select(std::string_view spec) const;
  ///@}

  // -- Messages -----------------------------------------------------------------------------------------------------------

  /// Calls `use` once with the entries of the key, unless there are none, and gives their number. For deliveries of your
  /// own.
  std::size_t dispatch(const value& key, const std::function<void(const group&)>& use) const;
  ///@{
  /// Sends a message to members of the key, chosen by the strategy from those that are alive and whose node is not lost, and
  /// gives their number. The receivers see no sender. Members on one other node get it as one message between the nodes: in
  /// order with other dispatches of the scope, and not before the changes of the scope that were committed here before the
  /// call are visible there. Later changes pass it only where the middleman has workers. It is lost if the link ends first. O(n); for members on
  /// other nodes the call also distributes pending changes.
  template <class... Ts>
  std::size_t dispatch(const value& key, const dispatch_strategy& strategy, Ts&&... content) const {
    return dispatch_message(key, strategy, caf::make_message(std::forward<Ts>(content)...));
  }
  std::size_t dispatch_message(const value& key, const dispatch_strategy& strategy, const caf::message& content) const;
  ///@}
  ///@{
  /// Sends a message to the local holder of a unique key, and gives the holder. The receiver sees no sender. Errors:
  /// `not_registered` if there is none; `requires_unique` in duplicate mode.
  template <class... Ts>
  result<member> send(const value& key, Ts&&... content) const {
    return send_message(key, caf::make_message(std::forward<Ts>(content)...));
  }
  [[nodiscard]] result<member> send_message(const value& key, const caf::message& content) const;
  ///@}

  // -- Metadata of the scope, local to the node ---------------------------------------------------------------------------

  ///@{
  /// Data about the scope itself, by name; each node has its own, and subscribers hear nothing of it. Setting and removing
  /// takes the writer's lock, and fails with `scope_closed`; to remove a name that is not set succeeds.
  result<void> put_meta(const value& name, const value& data) const;
  [[nodiscard]] std::optional<value> meta(const value& name) const;
  result<void> delete_meta(const value& name) const;
  ///@}

  // -- Subscriptions ------------------------------------------------------------------------------------------------------

  ///@{
  /// Subscribes a local actor to a key, or to all keys. It gets `events` messages until `demonitor` or its termination.
  /// Blocks while changes are handed out. Errors: `invalid_actor`, `not_local`, `scope_closed`.
  result<subscription_start> monitor(const value& key, const registrant& subscriber) const;
  result<subscription_start> monitor_scope(const registrant& subscriber) const;
  ///@}
  /// Ends a subscription: from then on `events::take` of this reference yields nothing. Errors: `unknown_reference`.
  result<void> demonitor(subscription_ref reference) const;

  // -- Waits. They block the calling thread. Inside of an actor those with a timeout fail with `invalid_argument` unless
  //    it is 0: a coroutine actor uses `awaitable_scope`, any other can send `await_request` to `actor()`.

  /// Blocks until the key has an entry, and gives its entries. Errors: `timeout`; `scope_closed`; `invalid_argument` in an
  /// actor, unless the timeout is 0.
  [[nodiscard]] result<group> wait_for_key(const value& key, std::chrono::milliseconds timeout) const;
  /// Blocks until this node has the entries of all linked nodes in this scope; later ones may still be under way. At once
  /// for a node that is alone, or not linked yet: `node::wait_joined` comes first. Errors: `timeout`; `scope_closed`;
  /// `invalid_argument` in an actor, unless the timeout is 0.
  [[nodiscard]] result<void> wait_synced(std::chrono::milliseconds timeout) const;
  /// Blocks until all linked nodes have the changes that were committed on this node before the call. At once for a node
  /// that is alone. Errors: those of `wait_synced`.
  [[nodiscard]] result<void> wait_replicated(std::chrono::milliseconds timeout) const;
  /// Returns when every change that was committed before the call has been handed to subscribers and listeners. A companion
  /// (an actor of CAF that runs in the sender's thread) handles a message inside of its delivery: a delivery by another
  /// thread is waited for up to a second, one by this thread not at all.
  void flush() const;

  /// Shared by all handles; for this library alone.
  [[nodiscard]] const std::shared_ptr<scope_state>& state() const noexcept { return state_; }

private:
  [[nodiscard]] group lookup_text(std::string_view key) const noexcept;
  result<void> join_checked(const value& key, std::span<const member> members, const value& data) const;
  result<void> transform_value(const value& key, const registrant& who,
                               const std::function<result<value>(const value&)>& change) const;

  std::shared_ptr<scope_state> state_;
};

/// Spawns an actor and joins it in one step: `spawn_registered(system, rooms, "lobby", object("topic", "all"), fun, …)`. Any
/// thread. Errors: those of `scope::join`, after which no actor is left behind; for a unique key that is taken the error
/// carries the holder.
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

} // namespace registry::inline v0_2
