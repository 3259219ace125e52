#include <registry/caf/internal/frame_pause.hpp>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>

#include <utility>

#include <sched.h>

namespace registry::inline v0_2::internal {

namespace {

constexpr std::size_t most_left = 64;
// Giving way takes that long if there are threads with more to do than handing something on: then they need the core.
constexpr std::chrono::microseconds others_turn{20};

} // namespace

void frame_pause::begin(deferral::remains left) {
  if (!left.empty())
    left_.push_back(std::move(left));
  if (attention_.count() == 0 || left_.size() >= most_left)
    clear();
  if (attention_.count() == 0)
    return;
  end_ = std::chrono::steady_clock::now() + attention_;
  if (std::exchange(is_running_, true))
    return;
  retain();
  run_later(system_.middleman().backend(), this);
}

void frame_pause::destroy(deferral::remains left) {
  if (!left.empty())
    left_.push_back(std::move(left));
  clear();
}

job::resume_result frame_pause::resume(executor*, std::size_t) {
  // Another thread may be about to send what is awaited here.
  const auto before = std::chrono::steady_clock::now();
  ::sched_yield();
  const auto after = std::chrono::steady_clock::now();
  if (after < end_ && after - before < others_turn)
    return resume_later;
  is_running_ = false;
  clear();
  return done;
}

void frame_pause::clear() {
  if (!left_.empty())
    call_in_worker(system_, [left = std::exchange(left_, {})] {});
}

} // namespace registry::inline v0_2::internal
