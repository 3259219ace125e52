#pragma once

#include <chrono>
#include <ctime>

namespace registry::testing {

/// How long this process has run, on all cores together.
inline std::chrono::duration<double> processor_time() noexcept {
  return std::chrono::duration<double>{static_cast<double>(std::clock()) / CLOCKS_PER_SEC};
}

} // namespace registry::testing
