#pragma once

#include <registry/coro/event_stream.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/scope/scope.hpp>

#include <chrono>
#include <utility>

namespace registry::inline v0_2 {

/// A scope for coroutines, which await the operations that block or call back elsewhere. A handle, to be passed on by value.
/// Only on the thread of the coroutine's actor.
class awaitable_scope {
public:
  /// The operations of a scope for the coroutines of one actor.
  awaitable_scope(coroutine_self self, scope what) noexcept : self_(self), scope_(std::move(what)) {}

  ///@{
  /// The scope itself, for all operations that do not wait.
  [[nodiscard]] const scope* operator->() const noexcept { return &scope_; }
  [[nodiscard]] const scope& operator*() const noexcept { return scope_; }
  ///@}

  /// Waits until the key has an entry and gives its entries. Errors: `timeout`, `scope_closed`.
  [[nodiscard]] task<result<group>> await_key(value key, std::chrono::milliseconds timeout) const;
  /// Waits until this node has the entries of all linked nodes in this scope; later ones may still be under way. At once for
  /// a node that is alone, or not linked yet: await `awaitable_node::await_joined` first. Errors: `timeout`, `scope_closed`.
  [[nodiscard]] task<result<void>> await_synced(std::chrono::milliseconds timeout) const;
  /// Waits until all linked nodes have the changes that were committed on this node before it is awaited. Errors: `timeout`,
  /// `scope_closed`.
  [[nodiscard]] task<result<void>> await_replicated(std::chrono::milliseconds timeout) const;
  ///@{
  /// Subscribes to a key, or to all keys; see `event_stream`. Errors: those of `scope::monitor`.
  [[nodiscard]] result<event_stream> watch(const value& key) const { return registry::watch(self_, scope_, key); }
  [[nodiscard]] result<event_stream> watch() const { return registry::watch(self_, scope_); }
  ///@}

private:
  coroutine_self self_;
  scope scope_;
};

} // namespace registry::inline v0_2
