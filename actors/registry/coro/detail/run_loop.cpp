#include <registry/coro/detail/run_loop.hpp>

namespace registry::inline v0_2::detail {

void run_loop::schedule(waiter& who) noexcept {
  who.unlink();
  ready_.push_back(who);
}

void run_loop::schedule_first(waiter& who) noexcept {
  who.unlink();
  ready_.push_front(who);
}

void run_loop::run() {
  while (!stopped_ && !ready_.empty()) {
    const auto& next = ready_.front();
    ready_.pop_front();
    next.resume();
  }
}

timed_waiter* timer_queue::take_due(time_point now) noexcept {
  if (timers_.empty() || timers_.begin()->deadline() > now)
    return nullptr;
  auto& due = *timers_.begin();
  due.stop_timer();
  return &due;
}

std::optional<time_point> timer_queue::next_deadline() const noexcept {
  if (timers_.empty())
    return std::nullopt;
  return timers_.begin()->deadline();
}

} // namespace registry::inline v0_2::detail
