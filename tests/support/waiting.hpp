#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace registry::testing {

/// Checks a condition about every millisecond, so that checking costs next to nothing, until it holds or the time is over.
/// Returns whether it holds.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience = std::chrono::minutes{1});

/// Lets time pass where time is part of the test: the length of an outage, never the hope that something is done by then.
void outlast(std::chrono::milliseconds time);

/// The time until a condition holds. Throws `std::runtime_error` after a minute.
std::chrono::milliseconds time_until(const std::function<bool()>& condition);

/// Nanoseconds of the clock that all processes of a machine share.
std::int64_t nanoseconds_now();

/// The limit on a busy machine for work that takes this long on an idle one. Measurements have no such allowance.
constexpr std::chrono::milliseconds when_busy(std::chrono::milliseconds time) {
  return 10 * time;
}

} // namespace registry::testing
