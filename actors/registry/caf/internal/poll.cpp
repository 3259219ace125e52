#include <registry/caf/internal/poll.hpp>

#include <sched.h>

namespace registry::inline v0_2::internal {

namespace {

// Giving way takes that long if there are threads with more to do than handing something on: then they need the core.
constexpr std::chrono::microseconds others_turn{20};

} // namespace

void poll::start() noexcept {
  end_ = std::chrono::steady_clock::now() + duration_;
}

bool poll::yield() const noexcept {
  // Another thread may be about to send what is awaited here.
  const auto before = std::chrono::steady_clock::now();
  ::sched_yield();
  const auto after = std::chrono::steady_clock::now();
  return after < end_ && after - before < others_turn;
}

} // namespace registry::inline v0_2::internal
