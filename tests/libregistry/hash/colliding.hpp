#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace registry::testing {

/// Texts that all have the same stable hash, whose seed anybody can read in the sources: XXH3 multiplies the two halves of
/// 16 bytes, each combined with a number derived from the seed, and the first half is that number. `with_seed` false: the
/// same for the seed 0.
std::string colliding_text(std::uint64_t number, bool with_seed = true);

} // namespace registry::testing
