#pragma once

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/error/error.hpp>
#include <registry/node/node.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace registry::inline v0_2 {

/// The node for coroutines, which await the operations that block elsewhere. A handle, to be passed on by value; the node
/// must not be destroyed meanwhile. Only on the thread of the coroutine's actor.
///
///     awaitable_node home{self, local};
///     if (auto joined = co_await home.await_joined(10s); !joined) …
class awaitable_node {
public:
  /// The operations of a node for the coroutines of one actor.
  awaitable_node(coroutine_self self, const node& what) : self_(self), state_(what.state()) {}

  /// Closes a scope as `node::close_scope` does, and waits until its actor has ended. The scope is closed even if the wait
  /// is cancelled. Errors: `invalid_argument` if there is no such scope.
  [[nodiscard]] task<result<void>> close_scope(std::string name) const;
  /// Waits until the node has joined its cluster, with the meaning and the errors of `node::wait_joined`.
  [[nodiscard]] task<result<void>> await_joined(std::chrono::milliseconds timeout) const;

  /// Drains the node as `node::drain` does, on a thread of its own, which goes on if the wait is cancelled.
  [[nodiscard]] task<result<void>> drain() const;

private:
  coroutine_self self_;
  std::shared_ptr<node_state> state_;
};

} // namespace registry::inline v0_2
