#pragma once

#include <registry/hash/detail/splitmix64.hpp>

#include <cstdint>

namespace registry::simulation {

/// All choices of one run, from one seed, the same on every platform.
class random_source {
public:
  /// The states of splitmix64 are a constant apart: unhashed, seeds next to each other would give the same numbers, shifted.
  explicit random_source(std::uint64_t seed) : state_(detail::splitmix64(seed)) {}

  std::uint64_t next() { return detail::splitmix64(state_); }
  /// From 0 to `bound` - 1.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
  bool percent(std::uint64_t chance) { return below(100) < chance; }

private:
  std::uint64_t state_;
};

} // namespace registry::simulation
