#pragma once

#include <registry/coro/detail/context.hpp>

#include <chrono>
#include <coroutine>

namespace registry::inline v0_2 {

/// The awaitable of `coroutine_self::sleep_for`: resumes the coroutine after a time by the clock of the actor system, never
/// earlier.
class [[nodiscard]] sleep_operation : private detail::timed_waiter {
public:
  /// Of one actor.
  sleep_operation(detail::coroutine_context& home, std::chrono::milliseconds delay) noexcept : home_(&home), delay_(delay) {}

  ///@{
  /// The awaiter protocol of the language.
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    suspended(who);
    home_->expire_after(*this, delay_);
  }
  void await_resume() const noexcept {}
  ///@}

private:
  detail::coroutine_context* home_;
  std::chrono::milliseconds delay_;
};

} // namespace registry::inline v0_2
