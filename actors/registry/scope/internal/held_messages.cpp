#include <registry/internal/deferral.hpp>
#include <registry/scope/internal/held_messages.hpp>

#include <utility>

namespace registry::inline v0_2 {

void held_messages::add(const incarnation& from, const stream_place& after, delivery what) {
  held_[from].push_back({after, std::move(what)});
}

bool held_messages::release(const is_here& arrived) {
  const std::lock_guard guard(ready_lock_);
  for (auto x = held_.begin(); x != held_.end();) {
    auto& [from, messages] = *x;
    for (; !messages.empty() && arrived(from, messages.front().after); messages.pop_front())
      ready_.push_back(std::move(messages.front().what));
    x = messages.empty() ? held_.erase(x) : std::next(x);
  }
  return !ready_.empty();
}

void held_messages::drop(const incarnation& from) {
  internal::deferral::keep(held_.extract(from));
}

void held_messages::deliver() {
  std::unique_lock guard(ready_lock_);
  if (std::exchange(delivering_, true))
    return;
  while (!ready_.empty()) {
    auto next = std::move(ready_.front());
    ready_.pop_front();
    guard.unlock();
    next();
    next = {};
    guard.lock();
  }
  delivering_ = false;
}

} // namespace registry::inline v0_2
