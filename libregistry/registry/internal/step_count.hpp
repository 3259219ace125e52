#pragma once

#include <cstddef>

namespace registry::inline v0_2::internal {

#ifdef REGISTRY_COUNT_STEPS
/// The number of places in an index or a list of subscriptions that this thread has visited. Counted in debug builds of this
/// project: it shows tests how work grows, without a clock.
inline constinit thread_local std::size_t steps = 0;
#endif

inline void count_step() noexcept {
#ifdef REGISTRY_COUNT_STEPS
  ++steps;
#endif
}

} // namespace registry::inline v0_2::internal
