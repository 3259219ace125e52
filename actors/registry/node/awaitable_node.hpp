#pragma once

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/error/error.hpp>
#include <registry/node/node.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace registry {

/// A node as a coroutine sees it: what blocks elsewhere is awaited. A handle, to be passed on by value; the node is not destroyed
/// meanwhile.
///
///     awaitable_node home{self, where};
///     if (auto joined = co_await home.await_joined(10s); !joined) …
class awaitable_node {
public:
  awaitable_node(coroutine_self self, const node& what) : self_(self), state_(what.state()) {}

  /// Closes a scope as `node::close_scope` does, and waits until its actor has ended. It is closed even if the wait is cancelled.
  [[nodiscard]] task<result<void>> close_scope(std::string name) const;
  /// Waits until the node has joined its cluster, with the meaning and the errors of `node::wait_joined`.
  [[nodiscard]] task<result<void>> await_joined(std::chrono::milliseconds timeout) const;

  /// Leaves as `node::drain` does, and waits until it has; on a thread of its own, which goes on if the wait is cancelled.
  [[nodiscard]] task<result<void>> drain() const;

private:
  coroutine_self self_;
  std::shared_ptr<node_state> state_;
};

} // namespace registry
