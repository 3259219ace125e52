#pragma once

#include <algorithm>
#include <chrono>

namespace registry::inline v0_2 {

/// A time limit that can be added to any time: a negative one becomes zero, and a very long one (such as
/// `milliseconds::max()`) a hundred years, so that no clock overflows.
template <class Rep, class Period>
[[nodiscard]] constexpr std::chrono::duration<Rep, Period> saturated(std::chrono::duration<Rep, Period> limit) noexcept {
  using duration = std::chrono::duration<Rep, Period>;
  return std::clamp(limit, duration::zero(), std::chrono::duration_cast<duration>(std::chrono::years{100}));
}

/// The end of a time limit, `saturated`, that begins now or at another time.
[[nodiscard]] inline std::chrono::steady_clock::time_point
deadline_after(std::chrono::milliseconds limit,
               std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now()) noexcept {
  return begin + saturated(limit);
}

} // namespace registry::inline v0_2
