#include <registry/caf/internal/wake_poll.hpp>

namespace registry::inline v0_2::internal {

wake_poll::wake_poll(caf::actor_system& system, std::chrono::nanoseconds duration)
    : system_(system),
      entrance_(system, *this),
      is_enabled_(duration.count() > 0 && workers_of(system) > 1),
      poll_(duration) {}

wake_poll::~wake_poll() {
  if (phase_ == phase::has_next)
    abandon(next_);
}

void wake_poll::add(caf::resumable* woken) {
  auto present = phase_.load();
  if (!is_enabled_ || present == phase::has_next || present == phase::running)
    return schedule(system_, woken);
  next_ = woken;
  if (present == phase::polling && phase_.compare_exchange_strong(present, phase::has_next))
    return;
  phase_ = phase::has_next;
  retain();
  schedule(system_, this);
}

job::resume_result wake_poll::resume(executor* here, std::size_t max_throughput) {
  do {
    phase_ = phase::running;
    run(*here, next_, max_throughput);
  } while (await_next());
  return done;
}

bool wake_poll::await_next() {
  phase_ = phase::polling;
  poll_.start();
  while (phase_ != phase::has_next) {
    auto present = phase::polling;
    if (!poll_.yield() && phase_.compare_exchange_strong(present, phase::asleep))
      return false;
  }
  return true;
}

} // namespace registry::inline v0_2::internal
