#pragma once

#include <registry/scope/feed.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace registry {

/// Finds the actor that has a name on this node; null if there is none. Any thread.
using name_resolver = std::function<member(std::string_view name)>;

/// Everybody who wants to know of changes: subscriptions, waiters of `await`, and listeners. Used under the scope's drain lock
/// only, so that everybody gets the changes in commit order.
class hub {
public:
  /// Called once: with the entries when the awaited key has some, or with the error that ends the wait. Must be quick and must
  /// not call the scope.
  using waiter = std::function<void(const result<group>& entries)>;

  hub(std::string scope_name, std::vector<std::string> listeners, name_resolver resolve);

  void add(std::shared_ptr<feed> subscription);
  /// Ends a subscription and returns it; null if it is unknown.
  std::shared_ptr<feed> remove(subscription_ref reference);
  /// Ends all subscriptions of an actor.
  void remove_subscriber(const member& who);
  [[nodiscard]] bool has_subscriber(const member& who) const;
  [[nodiscard]] std::vector<member> subscribers() const;
  /// Ends all subscriptions and waits: the scope is closed.
  void cancel_all();

  /// Waits for an entry that is joined after the commit `start`.
  void add_waiter(std::uint64_t number, const value& key, std::uint64_t start, waiter done);
  void remove_waiter(std::uint64_t number, const value& key);

  /// Whether anybody wants events.
  [[nodiscard]] bool observed() const noexcept;

  /// How many may have to be told of a change, at most.
  [[nodiscard]] std::size_t fan_out() const noexcept { return subscriptions_.size() + listeners_.size(); }

  /// Hands out changes that follow each other. What subscribers give up goes to `dropped`.
  void distribute(const std::vector<event_ptr>& changes, std::vector<event_ptr>& dropped);

private:
  struct waiting {
    std::uint64_t number;
    std::uint64_t start;
    waiter done;
  };
  using feeds = std::vector<std::shared_ptr<feed>>;
  template <class T>
  using by_key = std::unordered_map<value, T, strict_hash, strict_equal>;

  void distribute_by_key(const std::vector<event_ptr>& changes, std::vector<event_ptr>& dropped);
  void complete_waiters(const event& change);
  void tell_listeners(const event& change) const;

  std::string scope_name_;
  std::vector<std::string> listeners_;
  name_resolver resolve_;
  std::unordered_map<std::uint64_t, std::shared_ptr<feed>> subscriptions_;
  feeds whole_scope_;
  by_key<feeds> one_key_;
  std::unordered_map<const caf::actor_control_block*, std::vector<subscription_ref>> of_subscriber_;
  by_key<std::vector<waiting>> waiters_;
};

} // namespace registry
