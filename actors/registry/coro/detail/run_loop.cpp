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

void run_loop::add_timer(timed_waiter& who) noexcept {
  timers_.insert(who);
}

void run_loop::expire(time_point now) noexcept {
  while (!timers_.empty() && timers_.begin()->deadline() <= now) {
    auto& due = *timers_.begin();
    due.stop_timer();
    due.expired();
    schedule(due);
  }
}

std::optional<time_point> run_loop::next_deadline() const noexcept {
  if (timers_.empty())
    return std::nullopt;
  return timers_.begin()->deadline();
}

} // namespace registry::inline v0_2::detail
