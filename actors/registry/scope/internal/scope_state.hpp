#pragma once

#include <registry/log/internal/log_limit.hpp>
#include <registry/replica/internal/replica.hpp>
#include <registry/scope/internal/deliveries.hpp>
#include <registry/scope/internal/held_messages.hpp>
#include <registry/scope/internal/listeners.hpp>
#include <registry/scope/internal/mutex.hpp>
#include <registry/scope/internal/observers.hpp>
#include <registry/scope/internal/peer_sender.hpp>
#include <registry/scope/internal/scope_content.hpp>
#include <registry/scope/internal/section.hpp>
#include <registry/scope/options.hpp>
#include <registry/scope/scope_actor.hpp>
#include <registry/table/internal/turns.hpp>

#include <caf/fwd.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

/// Makes an open scope part of a cluster.
struct replication_options {
  incarnation self;
  /// Greater than that of any scope this process has opened before.
  std::uint64_t epoch = 0;
  std::shared_ptr<peer_sender> peers;
  replica_options limits;
};

/// The state of a scope, which outlives its actor: its content, the observers, the replica, and the flow of events between
/// them.
///
/// 1. Every commit happens under the writer lock of the content; its garbage is freed after the lock is released.
/// 2. Changes are taken from the log and distributed under `drain_lock_`, by one thread at a time and in commit order: by
///    the scope actor, which a commit wakes, by a writer that finds the log full, or by `flush`.
/// 3. Lock order: `drain_lock_`, the writer lock, the lock of a subscription queue. No application code runs under any of
///    them: destroying the application's objects, calling it, and delivering messages to it are deferred (see `section`).
/// 4. After a drain, `monitored_` holds exactly the local actors that have an entry or a subscription, and each of them is
///    monitored once by `observer_`, or its `down_msg` is in transit or being handled. Its pointers are kept alive by the
///    table, the observers, or the log's touched members.
/// 5. While events are pending, a `wake_up` to the actor is in transit or about to be sent (`alarm_` is `now`), or a thread
///    is distributing them; while only members wait to be monitored, `alarm_` is at least `soon`.
/// 6. The replica gets every commit, in commit order, before any observer. Changes from peers enter under the drain lock,
///    are committed in steps under the writer lock, and are distributed before the drain lock is released. Large ones are left
///    to the scope's actor, which takes the drain lock anew for each step.
/// 7. What the node has to say of its peers is queued, so that nothing outside waits for a scope, and taken in order by the
///    next drain, in any case before a later frame.
/// 8. A message that another node dispatched here is delivered after the node's changes before it have been distributed.
class scope_state : public std::enable_shared_from_this<scope_state> {
public:
  scope_state(scope_options options, caf::actor_system& home, name_resolver resolve);
  /// Shares its entries with the scopes of its name on other nodes.
  scope_state(scope_options options, caf::actor_system& home, name_resolver resolve, replication_options cluster);

  [[nodiscard]] const scope_options& options() const noexcept { return options_; }
  [[nodiscard]] const table& entries() const noexcept { return content_.data().entries(); }
  [[nodiscard]] const table& metadata() const noexcept { return metadata_; }
  /// The running number for round robin dispatches to a key.
  std::uint32_t next_turn(const value& key);

  /// Commits a change: calls `change(store&)` under the writer lock and returns its result. It must not run application
  /// code.
  template <class Change>
  auto commit(Change&& change) -> decltype(change(std::declval<store&>())) {
    garbage freed;
    std::unique_lock guard(content_.lock());
    auto& data = content_.data();
    while (data.log().full()) {
      guard.unlock();
      drain();
      guard.lock();
    }
    if (closed_)
      return error(errc::scope_closed);
    auto outcome = change(data);
    freed = data.collect();
    const bool pending = !data.log().empty();
    const bool urgent = data.log().has_events();
    guard.unlock();
    if (!freed.empty())
      internal::deferral::keep(std::move(freed));
    if (urgent)
      hand_out();
    else if (pending)
      wake_soon();
    return outcome;
  }
  /// Whether an actor may join: a local one.
  [[nodiscard]] result<void> check_member(const member& who) const;

  [[nodiscard]] table_snapshot snapshot();
  result<void> put_meta(const value& name, const value& data);
  result<void> delete_meta(const value& name);

  result<subscription_start> subscribe(std::optional<value> key, const member& subscriber);
  result<void> unsubscribe(subscription_ref reference);
  /// A fresh start for a subscription that lagged; nothing if it has ended.
  std::optional<subscription_start> restart(subscription_queue& subscription);
  /// Tells the operator that a subscriber lags, once a minute at most.
  void note_lag(const member& subscriber);
  /// Calls `done` with the entries of the key as soon as it has some, perhaps at once, or with the error when the scope is
  /// closed; unless the wait is ended before. Any thread may call it, with no lock held, and may still be about to when the
  /// wait is ended. Returns the number to end it with.
  std::uint64_t await(const value& key, observers::waiter done);
  void end_await(std::uint64_t number, const value& key);

  /// Distributes all commits; returns the number of events. Any thread.
  std::size_t drain();
  /// See `scope::flush`.
  void flush();
  /// Sends the scope actor a `wake_up`, unless one is in transit.
  void wake();
  /// The scope actor received its `wake_up`.
  void woken();
  /// Removes all traces of actors that have terminated. Takes the drain lock twice, and holds it for O(1) per actor.
  void members_down(std::span<const member> ended);
  /// Removes all local entries of a member; returns their number.
  result<std::size_t> leave_all(const member& who, reason why);
  /// Removes all local entries under a key; returns their number.
  result<std::size_t> leave_key(const value& key);

  // -- Other nodes; without effect if the scope is not part of a cluster. See `replica`. ------------------------------------
  // These take no lock that is held for longer than a moment; their effect comes with the next drain, at the latest.
  void peer_up(const incarnation& peer, handle_state handles);
  void peer_unlinked(const incarnation& peer);
  void peer_suspect(const incarnation& peer);
  void peer_alive_again(const incarnation& peer);
  void peer_down(const incarnation& peer, reason why);
  void tick(std::chrono::nanoseconds now);
  /// Handles a frame. An error means that the peer violates the protocol.
  result<void> receive(const incarnation& peer, const frame& content);
  /// The same, in an open deferral, by a thread that must not wait and calls no code of the application: it delivers messages to
  /// mailboxes when the deferral ends. Nothing, without effect, if the frame needs more than that, or another thread is at it.
  std::optional<result<void>> receive_at_once(const incarnation& peer, const frame& content);
  /// The place in this node's stream that the other nodes have reached when they have all changes so far; these are on their way.
  [[nodiscard]] stream_place place_of_changes();
  /// Delivers a message of a peer when its changes up to this place are here, perhaps at once. It is dropped if the link ends
  /// before. False if it has to wait.
  bool deliver_after(const incarnation& peer, const stream_place& place, held_messages::delivery what);
  /// A state of the cluster to wait for.
  enum class milestone : std::uint8_t {
    synced,     ///< everything on the linked peers has arrived here
    replicated, ///< all linked peers have everything committed here before the call
  };
  /// Calls `done` as soon as the milestone is reached, perhaps at once, or with the error when the scope is closed; unless the
  /// wait is ended before; see `await`. Returns the number to end it with.
  std::uint64_t await_milestone(milestone what, std::function<void(const result<void>&)> done);
  void end_milestone(std::uint64_t number);
  /// Removes all entries of this node: it leaves.
  void drain_node();
  /// Whether the node that owns the entries of this origin is reachable. Any thread, wait-free.
  [[nodiscard]] bool reachable(std::uint32_t origin) const noexcept { return content_.reachable(origin); }
  /// The node that owns the entries of an origin; none if they have left.
  [[nodiscard]] std::optional<incarnation> owner(std::uint32_t origin);
  /// Whether the complete content of this peer has arrived.
  [[nodiscard]] bool in_sync_with(const incarnation& peer);
  [[nodiscard]] replica_statistics replica_state();
  /// The connection to other nodes; null if there is none.
  [[nodiscard]] const std::shared_ptr<peer_sender>& peers() const noexcept { return peers_; }

  /// Makes this actor the one that is woken and gets DOWN messages, in place of its predecessor: every monitored actor is
  /// monitored again, and gives DOWN at once if it has terminated. The first one is attached before any actor joins.
  void attach_actor(const scope_actor& actor);
  [[nodiscard]] scope_actor actor() const;
  /// Ends the scope: no changes, no events, no entries. Idempotent.
  void close();

private:
  struct milestone_wait {
    milestone what;
    std::uint64_t commit;
    std::function<void(const result<void>&)> done;
  };

  using draining = section<mutex>;

  template <class Work>
  result<std::size_t> in_steps(Work& x);
  [[nodiscard]] bool has_entries(const value& key) const;
  result<void> set_meta(const value& name, group content);

  enum class alarm : std::uint8_t { none, soon, now };
  void wake_soon();
  void hand_out();
  [[nodiscard]] std::size_t fan_out() const noexcept;
  result<subscription_start> cut(subscription_ref reference, const std::optional<value>& key);
  std::size_t drain_locked();
  std::size_t distribute_commits();
  void collect_all();
  void distribute(std::vector<event_ptr> committed);
  [[nodiscard]] bool observed() const noexcept;
  void queue_input(std::function<void(replica&)> input);
  bool take_inputs();
  template <class Input>
  void feed_replica(Input&& input);
  [[nodiscard]] bool takes_little(const incarnation& peer, const replica::incoming& what);
  void wake_for_bulk_work();
  bool do_bulk_work();
  void send_to_peers();
  void deliver_arrived();
  [[nodiscard]] bool is_reached(const milestone_wait& wait) const;
  void complete_milestones();
  void refresh_observed();
  void refresh_monitor(const member& who);
  [[nodiscard]] std::vector<member> local_members();
  [[nodiscard]] std::vector<member> monitored() const;

  const scope_options options_;
  const caf::node_id here_;
  const caf::actor_clock& clock_; ///< for what is committed, that is, as long as the scope is open

  scope_content content_;
  table metadata_;      // like the content, under its lock
  bool closed_ = false; // likewise

  const std::shared_ptr<peer_sender> peers_;

  std::mutex inputs_lock_; // no other lock is taken after it
  std::vector<std::function<void(replica&)>> inputs_;

  mutex drain_lock_;
  observers observers_;
  const std::shared_ptr<listeners> listeners_;
  const std::shared_ptr<deliveries> deliveries_ = std::make_shared<deliveries>();
  std::unique_ptr<replica> replica_;
  std::map<std::uint64_t, milestone_wait> milestone_waits_;
  held_messages held_;
  member observer_;
  boost::unordered_flat_set<caf::actor_control_block*> monitored_;

  mutable std::mutex actor_lock_;
  scope_actor actor_;
  std::atomic<alarm> alarm_{alarm::none};
  std::atomic<std::chrono::steady_clock::rep> last_drain_{0};
  std::atomic<std::uint64_t> next_waiter_{1};
  internal::log_limit lags_;
  mutex turns_lock_; // for threads that add a key
  turns turns_;
};

} // namespace registry::inline v0_2
