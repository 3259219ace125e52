#pragma once

#include <registry/coro/awaitable.hpp>
#include <registry/coro/detail/failure.hpp>
#include <registry/coro/detail/fiber.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <type_traits>
#include <utility>

namespace registry {

/// Owns child tasks that run concurrently with the coroutine it is a local variable of:
///
///     nursery children{self};
///     for (auto& job : jobs)
///       children.start(work(self, job));
///     if (auto done = co_await children.join(); !done) …
///
/// Leaving its block without having joined cancels the children that are left. A child that fails, by a `result` or by an
/// exception, ends the nursery: the others are cancelled, and `join` tells.
class nursery {
public:
  explicit nursery(coroutine_self self) noexcept : children_(self.context().loop()) {}

  /// Starts a task of `void`, or of a `result` whose value nobody needs, as soon as the running coroutine waits. A nursery that
  /// was cancelled or has failed destroys it instead.
  template <awaitable A>
    requires std::is_void_v<awaited_t<A>> || std::is_same_v<awaited_t<A>, result_of<awaited_t<A>>>
  void start(A child) {
    children_.start(run(std::move(child)));
  }
  /// Destroys the children as soon as the running coroutine waits; a child may do this as well.
  void cancel() { children_.cancel(); }
  /// Whether no child is left.
  [[nodiscard]] bool empty() const noexcept { return children_.empty(); }

  /// Waits until no child is left: the first error of a child, or the first exception, which is thrown. Success also when it was
  /// cancelled.
  class [[nodiscard]] join_operation {
  public:
    explicit join_operation(detail::fiber_group& children) noexcept : joined_(children) {}
    bool await_ready() const noexcept { return joined_.await_ready(); }
    // Another coroutine than the one that owns the children may wait for them.
    void await_suspend(std::coroutine_handle<> who) noexcept { joined_.await_suspend(who); }
    result<void> await_resume() {
      try {
        joined_.await_resume();
      } catch (const detail::escaped_error& e) {
        return e.get();
      }
      return success();
    }

  private:
    detail::fiber_group::join_awaiter joined_;
  };
  [[nodiscard]] join_operation join() noexcept { return join_operation{children_}; }

private:
  template <awaitable A>
  static task<void> run(A child) {
    if constexpr (std::is_void_v<awaited_t<A>>) {
      co_await std::move(child);
    } else {
      auto outcome = co_await std::move(child);
      if (!outcome)
        throw detail::escaped_error(outcome.error());
    }
  }

  detail::fiber_group children_;
};

} // namespace registry
