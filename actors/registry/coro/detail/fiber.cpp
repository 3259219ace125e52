#include <registry/coro/detail/fiber.hpp>

#include <utility>

namespace registry::inline v0_2::detail {

fiber& fiber::make(fiber_group& owner, std::coroutine_handle<task_promise<void>> body) {
  auto* const made = new fiber(owner, body);
  return *made;
}

void fiber::completed() noexcept {
  owner_.finished(*this);
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
  auto& added = fiber::make(*this, body.release());
  where.push_back(added);
  if (first)
    loop_.schedule_first(added);
  else
    loop_.schedule(added);
}

// The fiber is suspended for good, so it may be destroyed, and all others are suspended as well.
void fiber_group::finished(const fiber& who) noexcept {
  const auto failure = who.body().failure();
  frame::destroy(who.body());
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
    frame::destroy(whom.front().body());
}

} // namespace registry::inline v0_2::detail
