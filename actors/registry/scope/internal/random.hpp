#pragma once

#include <cstddef>
#include <cstdint>

namespace registry::inline v0_2::internal {

/// A number from 0 to `bound - 1` for the calling thread, which begins anywhere.
[[nodiscard]] std::size_t random_below(std::size_t bound);

/// Lets the calling thread have the same numbers again whenever it begins with the same seed.
void seed_random(std::uint32_t seed);

} // namespace registry::inline v0_2::internal
