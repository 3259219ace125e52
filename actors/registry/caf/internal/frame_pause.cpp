#include <registry/caf/internal/frame_pause.hpp>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>

#include <utility>

namespace registry::inline v0_2::internal {

namespace {

constexpr std::size_t most_left = 64;

} // namespace

void frame_pause::begin(deferral::remains left) {
  if (!left.empty())
    left_.push_back(std::move(left));
  if (!poll_.is_enabled() || left_.size() >= most_left)
    clear();
  if (!poll_.is_enabled())
    return;
  poll_.start();
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
  if (poll_.yield())
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
