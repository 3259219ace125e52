#pragma once

#include <registry/membership/internal/link.hpp>

#include <cstdint>

namespace registry::simulation {

/// The clock of one node: it began at some time of its own, and runs fast or slow.
struct node_clock {
  instant offset{};
  /// By how much, in thousandths.
  std::int64_t drift = 0;

  [[nodiscard]] instant read(instant truth) const { return offset + truth + truth / 1000 * drift; }
  /// How long it takes in truth until the clock has gone on by this much.
  [[nodiscard]] instant wait(instant time) const { return time / (1000 + drift) * 1000; }
};

} // namespace registry::simulation
