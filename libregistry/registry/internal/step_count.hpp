#pragma once

#include <cstddef>

namespace registry::internal {

#ifdef REGISTRY_COUNT_STEPS
/// How many places of an index or of a list of subscriptions this thread has looked at. Counted in debug builds of this project:
/// it tells tests how work grows, without a clock.
inline constinit thread_local std::size_t steps = 0;
#endif

inline void count_step() noexcept {
#ifdef REGISTRY_COUNT_STEPS
  ++steps;
#endif
}

} // namespace registry::internal
