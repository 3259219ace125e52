#pragma once

#include <cstdlib>
#include <string_view>

namespace registry::testing {

/// How much a stress test does: `usual`, or `full` when the environment says `REGISTRY_STRESS=full`.
template <class Number>
Number amount(Number usual, Number full) {
  const char* set = std::getenv("REGISTRY_STRESS");
  return set != nullptr && std::string_view{set} == "full" ? full : usual;
}

} // namespace registry::testing
