#pragma once

#include <registry/actor/tell.hpp>
#include <registry/coro/detail/context.hpp>
#include <registry/coro/internal/messages.hpp>
#include <registry/coro/self.hpp>
#include <registry/error/error.hpp>

#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace registry::inline v0_2::detail {

/// Waits for an outcome from any thread: the outcome is stored and a message announces it; the actor's mailbox orders the
/// two.
template <class T>
class outside_awaiter final : private response_waiter {
public:
  using callback = std::function<void(const result<T>&)>;
  /// Starts the wait and returns the function that ends it.
  using beginning = std::function<std::function<void()>(callback)>;

  outside_awaiter(coroutine_self self, std::chrono::milliseconds timeout, beginning begin)
      : self_(self), timeout_(timeout), begin_(std::move(begin)) {}
  ~outside_awaiter() override {
    if (end_)
      end_();
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    suspended(who);
    const auto number = self_.context().wait_for_outside(*this, timeout_);
    end_ = begin_([outcome = outcome_, number, actor = self_.handle()](const result<T>& got) {
      outcome->emplace(got);
      registry::tell(actor, coroutine_resume{number});
    });
  }
  result<T> await_resume() const {
    // Without a response the time ran out, and the outcome may be being written.
    if (!response_)
      return errc::timeout;
    return outcome_->value();
  }

private:
  coroutine_self self_;
  std::chrono::milliseconds timeout_;
  beginning begin_;
  std::function<void()> end_;
  std::shared_ptr<std::optional<result<T>>> outcome_ = std::make_shared<std::optional<result<T>>>();
};

} // namespace registry::inline v0_2::detail
