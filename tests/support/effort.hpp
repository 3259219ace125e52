#pragma once

#include <cstdint>

namespace registry::testing {

/// How often a random test repeats what it repeats `full` times at full effort. The environment variable REGISTRY_TEST_EFFORT is
/// the share of that, 1 unless it is set: 0.1 for a slow build, 100 for a long search. At least once.
std::uint64_t repetitions(std::uint64_t full);

} // namespace registry::testing
