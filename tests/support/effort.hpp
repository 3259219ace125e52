#pragma once

#include <cstdint>

namespace registry::testing {

/// The number of repetitions of a random test that has `full` of them at full effort. The environment variable
/// REGISTRY_TEST_EFFORT is the factor, 1 by default: 0.1 for a slow build, 100 for a long search. At least 1.
std::uint64_t repetitions(std::uint64_t full);

} // namespace registry::testing
