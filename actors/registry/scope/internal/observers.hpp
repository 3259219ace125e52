#pragma once

#include <registry/scope/internal/subscription_queue.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace registry::inline v0_2 {

/// The subscriptions of a scope, and the callers that wait for a key. Used under the scope's drain lock only, so that all
/// get the changes in commit order. Anything that may run application code is deferred.
class observers {
public:
  /// Called once: with the entries when the awaited key has some, or with the error that ends the wait.
  using waiter = std::function<void(const result<group>& entries)>;

  /// `is_queued`: a signal only gets into the subscriber's mailbox.
  void add(std::shared_ptr<subscription_queue> subscription, bool is_queued);
  /// Ends a subscription and returns it; null if it is unknown. O(1).
  std::shared_ptr<subscription_queue> remove(subscription_ref reference);
  /// Ends all subscriptions of an actor. O(1) per subscription.
  void remove_subscriber(const member& who);
  [[nodiscard]] bool has_subscriber(const member& who) const;
  /// Ends all subscriptions and waits: the scope is closed.
  void cancel_all();

  /// Waits for an entry that joins after the commit `start`.
  void add_waiter(std::uint64_t number, const value& key, std::uint64_t start, waiter done);
  /// O(log n) for n waiters of the key.
  void remove_waiter(std::uint64_t number, const value& key);

  /// Whether any observer needs events.
  [[nodiscard]] bool observed() const noexcept;

  /// Whether all of them are actors that a change only puts a message into the mailbox of.
  [[nodiscard]] bool are_queued() const noexcept { return waiters_.empty() && unqueued_ == 0; }

  /// The maximum number of recipients of a change.
  [[nodiscard]] std::size_t fan_out() const noexcept { return subscriptions_.size(); }

  /// Distributes the next changes.
  void distribute(const shared_changes& changes);

private:
  struct waiting {
    std::uint64_t start;
    waiter done;
  };
  using queues = std::vector<std::shared_ptr<subscription_queue>>;
  template <class T>
  using by_key = std::unordered_map<value, T, strict_hash, strict_equal>;
  using waiting_for_key = std::map<std::uint64_t, waiting>;

  static void insert(queues& all, std::size_t subscription_queue::* place, const std::shared_ptr<subscription_queue>& x);
  static void erase(queues& all, std::size_t subscription_queue::* place, const subscription_queue& x);
  static void push(const queues& to, const shared_changes& changes, queues& to_signal);
  void distribute_by_key(const std::vector<event_ptr>& changes, queues& to_signal);
  void complete_waiters(const event& change);

  std::unordered_map<std::uint64_t, std::shared_ptr<subscription_queue>> subscriptions_;
  // A queue knows its places in two of these, so that it can be removed in one step.
  queues whole_scope_;
  by_key<queues> one_key_;
  std::unordered_map<const caf::actor_control_block*, queues> of_subscriber_;
  by_key<waiting_for_key> waiters_;
  std::size_t unqueued_ = 0; // subscriptions of actors that handle a message while it is delivered
};

} // namespace registry::inline v0_2
