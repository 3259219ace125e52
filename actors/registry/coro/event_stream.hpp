#pragma once

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/scope/scope.hpp>

#include <memory>
#include <optional>
#include <variant>

namespace registry::inline v0_2 {

/// An entry that exists when a subscription starts, or starts over.
struct present_entry {
  value key;  ///< the key of the entry
  entry what; ///< the entry at the commit of the start
};

/// A sign that the subscriber did not keep up and changes were dropped: forget everything; a `present_entry` for each entry
/// follows.
struct restarted {};

/// An item of an event stream.
using watched = std::variant<present_entry, event_ptr, restarted>;

/// A subscription as a stream: the present entries, then every change, exactly once and in order. Only on the thread of its
/// actor.
///
///     auto changes = watch(self, rooms, "lobby");
///     while (auto one = co_await changes.value().next()) …
///
/// Memory is bounded as for any subscription: a stream that is not read is `restarted`, and never holds up a writer. The
/// destructor ends the subscription.
class event_stream {
public:
  ///@{
  /// Moves the subscription; not while a coroutine waits for it.
  event_stream(event_stream&&) noexcept;
  event_stream& operator=(event_stream&&) noexcept;
  ///@}
  ~event_stream();

  /// Waits for the next item; nothing after `stop`. One coroutine at a time. A wait that is cancelled loses no item. When
  /// the scope is closed the stream falls silent and does not end.
  [[nodiscard]] task<std::optional<watched>> next() { return next_of(source_.get()); }
  /// Ends the subscription, and a wait for its next item. Idempotent.
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

///@{
/// Subscribes the actor of a coroutine to a key of a scope, or to all keys. Errors: those of `scope::monitor`.
result<event_stream> watch(coroutine_self self, scope where, const value& key);
result<event_stream> watch(coroutine_self self, scope where);
///@}

} // namespace registry::inline v0_2
