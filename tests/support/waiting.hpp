#pragma once

#include <chrono>
#include <functional>

namespace registry::testing {

/// Looks again and again until the condition holds, for at most a minute unless told otherwise; returns whether it does.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience = std::chrono::minutes{1});

/// Lets time pass, where passing time is what is tested: the length of an outage, never the hope that something is done by then.
void outlast(std::chrono::milliseconds time);

/// How long something takes to come true; fails the test after a minute.
std::chrono::milliseconds time_until(const std::function<bool()>& condition);

/// What a busy machine may take for what takes so long on an idle one. The measurements allow no such thing.
constexpr std::chrono::milliseconds when_busy(std::chrono::milliseconds time) {
  return 10 * time;
}

} // namespace registry::testing
