#pragma once

#include <chrono>
#include <functional>

namespace registry::bench {

/// Lets time pass, where that is part of the workload.
void let_pass(std::chrono::milliseconds time);
/// Looks about every millisecond until the condition holds, so that looking takes next to nothing of the time of those who work.
void wait_until(const std::function<bool()>& condition);

} // namespace registry::bench
