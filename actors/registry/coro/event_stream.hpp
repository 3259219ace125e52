#pragma once

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/scope/scope.hpp>

#include <memory>
#include <optional>
#include <variant>

namespace registry {

/// An entry that is there when a subscription starts.
struct present_entry {
  value key;
  entry what;
};

/// The subscriber did not keep up and changes were given up: forget everything; the entries that are there follow.
struct restarted {};

/// What a subscription yields.
using watched = std::variant<present_entry, event_ptr, restarted>;

/// A subscription as a stream: the entries that are there, then every change, exactly once and in order.
///
///     auto changes = watch(self, rooms, "lobby");
///     while (auto one = co_await changes.value().next()) …
///
/// Memory is bounded as for any subscription: a stream that is not read is `restarted`, and never holds up a writer. Destroying it
/// ends the subscription.
class event_stream {
public:
  event_stream(event_stream&&) noexcept;
  event_stream& operator=(event_stream&&) noexcept;
  ~event_stream();

  /// Waits for the next; nothing after `stop`. One coroutine at a time. A wait that is cancelled loses nothing. A scope that is
  /// closed yields nothing more, and no end.
  [[nodiscard]] task<std::optional<watched>> next() { return next_of(source_.get()); }
  /// Ends the subscription, and the wait for it.
  void stop();

private:
  class source;
  explicit event_stream(std::unique_ptr<source> from) noexcept;
  friend result<event_stream> watch(coroutine_self self, scope where, const value& key);
  friend result<event_stream> watch(coroutine_self self, scope where);
  static task<std::optional<watched>> next_of(source* from);
  static result<event_stream> start(coroutine_self self, scope where, result<subscription_start> begun, const value* key);

  std::unique_ptr<source> source_;
};

/// Subscribes to a key of a scope / to all of them.
result<event_stream> watch(coroutine_self self, scope where, const value& key);
result<event_stream> watch(coroutine_self self, scope where);

} // namespace registry
