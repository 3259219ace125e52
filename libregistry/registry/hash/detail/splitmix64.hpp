#pragma once

#include <cstdint>

namespace registry::inline v0_2::detail {

/// The distance between the states of splitmix64: 2^64 by the golden ratio.
inline constexpr std::uint64_t splitmix64_step = 0x9e3779b97f4a7c15U;

/// The finaliser of splitmix64: distinct numbers stay distinct, and each bit depends on all of them.
constexpr std::uint64_t splitmix64_mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

/// The next number of splitmix64, the same on every platform.
constexpr std::uint64_t splitmix64(std::uint64_t& state) noexcept {
  state += splitmix64_step;
  return splitmix64_mix(state);
}

} // namespace registry::inline v0_2::detail
