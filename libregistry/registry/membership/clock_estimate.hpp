#pragma once

#include <chrono>

namespace registry::inline v0_2 {

/// What a node knows of the wall clock of another one: the best of the last 8 measurements, which is the one with the least round
/// trip. The peer's clock is ahead by `offset`, give or take half of `round_trip`.
struct clock_estimate {
  std::chrono::nanoseconds offset{};     ///< negative if the peer's clock is behind
  std::chrono::nanoseconds round_trip{}; ///< of a heartbeat and its echo, without the time that the peer kept it

  /// Whether both are the same.
  friend bool operator==(const clock_estimate&, const clock_estimate&) = default;
};

} // namespace registry::inline v0_2
