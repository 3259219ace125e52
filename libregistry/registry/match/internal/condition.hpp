#pragma once

#include <registry/match/internal/function.hpp>
#include <registry/value/value.hpp>

#include <cstdint>

namespace registry::internal {

/// For which outcomes a comparison holds: bit 0 for less, bit 1 for equal, bit 2 for greater. 0 for other operations.
constexpr std::uint8_t accepted_by(operation what) noexcept {
  switch (what) {
  case operation::less:
    return 0b001;
  case operation::equal:
  case operation::strictly_equal:
    return 0b010;
  case operation::at_most:
    return 0b011;
  case operation::greater:
    return 0b100;
  case operation::different:
  case operation::strictly_different:
    return 0b101;
  case operation::at_least:
    return 0b110;
  default:
    return 0;
  }
}

/// Whether two integers compare as a comparison says: the case that matters most, without a branch.
inline bool compare(std::uint8_t accepts, std::int64_t a, std::int64_t b) noexcept {
  return ((accepts >> (1 + (a > b) - (a < b))) & 1) != 0;
}

/// Whether two values compare as a comparison says.
bool compare(operation what, const value& a, const value& b) noexcept;

/// Whether a kind passes one of the `is_…` tests.
bool has_kind(operation what, value::kind kind) noexcept;

} // namespace registry::internal
