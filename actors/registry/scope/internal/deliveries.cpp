#include <registry/scope/internal/deliveries.hpp>

namespace registry::inline v0_2 {

namespace {

thread_local int begun_by_this_thread = 0;

} // namespace

std::uint64_t deliveries::begin() {
  ++begun_by_this_thread;
  const std::lock_guard guard(lock_);
  under_way_.insert(under_way_.end(), ++last_);
  return last_;
}

void deliveries::end(std::uint64_t number) {
  --begun_by_this_thread;
  {
    const std::lock_guard guard(lock_);
    under_way_.erase(number);
  }
  ended_.notify_all();
}

void deliveries::wait(std::chrono::milliseconds patience) {
  if (begun_by_this_thread > 0)
    return;
  std::unique_lock guard(lock_);
  const auto last = last_;
  ended_.wait_for(guard, patience, [&] { return under_way_.empty() || *under_way_.begin() > last; });
}

} // namespace registry::inline v0_2
