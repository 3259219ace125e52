#include <registry/coro/detail/fiber.hpp>

#include <utility>

namespace registry::inline v0_2::detail {

namespace {

fiber run(task<void> body) {
  co_await std::move(body);
}

} // namespace

void fiber::promise_type::final_awaiter::await_suspend(std::coroutine_handle<promise_type> finished) const noexcept {
  auto& promise = finished.promise();
  promise.owner_->finished(promise);
}

void fiber_group::start(task<void> body) {
  if (!ended_)
    add(fibers_, std::move(body), false);
}

void fiber_group::cancel() {
  ended_ = true;
  if (!fibers_.empty() && cancelling_.empty())
    add(cancelling_, cancelling(), true);
}

task<void> fiber_group::cancelling() {
  destroy(fibers_);
  co_return;
}

void fiber_group::add(fibers& where, task<void> body, bool first) {
  auto& added = run(std::move(body)).promise();
  added.owner_ = this;
  added.suspended(std::coroutine_handle<fiber::promise_type>::from_promise(added));
  where.push_back(added);
  if (first)
    loop_.schedule_first(added);
  else
    loop_.schedule(added);
}

// The fiber is suspended for good, so it may be destroyed, and all others are suspended as well.
void fiber_group::finished(fiber::promise_type& who) noexcept {
  const auto failure = who.failure_;
  std::coroutine_handle<fiber::promise_type>::from_promise(who).destroy();
  if (failure && !failure_)
    failure_ = failure;
  if (failure_ || end_ == group_end::with_first) {
    ended_ = true;
    destroy(fibers_);
  }
  if (!fibers_.empty())
    return;
  while (!joiners_.empty())
    loop_.schedule(joiners_.front());
  ended(failure_);
}

void fiber_group::destroy_all() noexcept {
  ended_ = true;
  destroy(fibers_);
  destroy(cancelling_);
}

void fiber_group::destroy(fibers& whom) noexcept {
  while (!whom.empty())
    frame::destroy(whom.front());
}

} // namespace registry::inline v0_2::detail
