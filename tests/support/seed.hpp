#pragma once

#include <cstdint>

namespace registry::testing {

/// The seed of this run of the tests: `REGISTRY_TEST_SEED` if set, otherwise random. Every random test derives its choices from
/// it; the runner prints it, so that a failure can be replayed. Any thread; the same number at every call.
std::uint64_t seed();

} // namespace registry::testing
