#pragma once

#include <registry/coro/awaitable.hpp>
#include <registry/coro/detail/failure.hpp>
#include <registry/coro/detail/fiber.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <type_traits>
#include <utility>

namespace registry::inline v0_2 {

/// Owns child tasks that run concurrently with the coroutine whose local variable it is:
///
///     nursery children{self};
///     for (auto& job : jobs)
///       children.start(work(self, job));
///     if (auto done = co_await children.join(); !done) …
///
/// The destructor cancels the children that are left. A child that fails, by a `result` or by an exception, ends the
/// nursery: the others are cancelled, and `join` gives the failure. Only on the thread of its actor. The idea is that of
/// Trio's nurseries (Smith 2018).
class nursery {
public:
  /// No children.
  explicit nursery(coroutine_self self) noexcept : children_(self.context().loop()) {}

  /// Takes a task of `void`, or of a `result` whose value is ignored, and starts it as soon as the running coroutine waits.
  /// A nursery that was cancelled or has failed destroys it instead.
  template <awaitable A>
    requires std::is_void_v<awaited_t<A>> || std::is_same_v<awaited_t<A>, result_of<awaited_t<A>>>
  void start(A child) {
    if constexpr (std::is_same_v<A, task<void>>)
      children_.start(std::move(child));
    else
      children_.start(run(std::move(child)));
  }
  /// Destroys the children as soon as the running coroutine waits; a child may do this as well.
  void cancel() { children_.cancel(); }
  /// Whether no child is left.
  [[nodiscard]] bool empty() const noexcept { return children_.empty(); }

  /// The awaitable of `join`.
  class [[nodiscard]] join_operation {
  public:
    /// Of the children of one nursery.
    explicit join_operation(detail::fiber_group& children) noexcept : joined_(children) {}
    ///@{
    /// The awaiter protocol of the language.
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
    ///@}

  private:
    detail::fiber_group::join_awaiter joined_;
  };
  /// `co_await children.join()` waits until no child is left. It gives the first error of a child, or throws the first
  /// exception; success if there was none, also when the nursery was cancelled.
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

} // namespace registry::inline v0_2
