#pragma once

#include <registry/coro/event_stream.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/scope/scope.hpp>

#include <chrono>
#include <utility>

namespace registry {

/// A scope as a coroutine sees it: what would block, or call back, is awaited. A handle, to be passed on by value.
class awaitable_scope {
public:
  awaitable_scope(coroutine_self self, scope what) noexcept : self_(self), scope_(std::move(what)) {}

  /// The scope itself, whose other operations do not wait.
  [[nodiscard]] const scope* operator->() const noexcept { return &scope_; }
  [[nodiscard]] const scope& operator*() const noexcept { return scope_; }

  /// Waits until the key has an entry and gives its entries. Errors: `timeout`, `scope_closed`.
  [[nodiscard]] task<result<group>> await_key(value key, std::chrono::milliseconds timeout) const;
  /// Waits until all that the linked nodes have in this scope is here; what they join meanwhile may be under way. At once for a
  /// node that is alone, or not linked yet: await `awaitable_node::await_joined` first. Errors: `timeout`, `scope_closed`.
  [[nodiscard]] task<result<void>> await_synced(std::chrono::milliseconds timeout) const;
  /// Waits until all linked nodes have what was committed here before it is awaited. The same errors.
  [[nodiscard]] task<result<void>> await_replicated(std::chrono::milliseconds timeout) const;
  /// Subscribes to a key / to all keys; see `event_stream`.
  [[nodiscard]] result<event_stream> watch(const value& key) const { return registry::watch(self_, scope_, key); }
  [[nodiscard]] result<event_stream> watch() const { return registry::watch(self_, scope_); }

private:
  coroutine_self self_;
  scope scope_;
};

} // namespace registry
