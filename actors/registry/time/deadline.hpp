#pragma once

#include <algorithm>
#include <chrono>

namespace registry {

/// The end of a time limit that begins now, for any limit: one that is negative has passed, and a very long one (such as
/// `milliseconds::max()`) ends in a hundred years, where no clock overflows.
[[nodiscard]] inline std::chrono::steady_clock::time_point deadline_after(std::chrono::milliseconds limit) noexcept {
  constexpr std::chrono::milliseconds longest = std::chrono::years{100};
  return std::chrono::steady_clock::now() + std::clamp(limit, std::chrono::milliseconds{0}, longest);
}

} // namespace registry
