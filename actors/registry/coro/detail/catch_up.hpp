#pragma once

#include <registry/coro/detail/context.hpp>

#include <coroutine>

namespace registry::inline v0_2 {

/// Awaited, it resumes the coroutine when its actor has received all that was sent to it before, by anyone: coroutines that waited
/// for such a message have run, and what nobody waits for is kept. Later messages may have come as well. It costs one message.
class [[nodiscard]] catch_up_operation final : private detail::response_waiter {
public:
  explicit catch_up_operation(detail::coroutine_context& home) noexcept : home_(&home) {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    suspended(who);
    home_->catch_up(*this);
  }
  void await_resume() const noexcept {}

private:
  detail::coroutine_context* home_;
};

} // namespace registry::inline v0_2
