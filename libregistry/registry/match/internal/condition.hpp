#pragma once

#include <registry/match/internal/function.hpp>
#include <registry/value/value.hpp>

#include <cstdint>

namespace registry::inline v0_2::internal {

/// The outcomes for which a comparison holds: bit 0 for less, bit 1 for equal, bit 2 for greater. 0 for other operations.
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

/// The equivalent comparison with its operands exchanged.
constexpr operation mirrored(operation what) noexcept {
  switch (what) {
  case operation::less:
    return operation::greater;
  case operation::greater:
    return operation::less;
  case operation::at_most:
    return operation::at_least;
  case operation::at_least:
    return operation::at_most;
  default:
    return what;
  }
}

/// Whether a comparison holds for two values.
bool compare(operation what, const value& a, const value& b) noexcept;

/// The same with the outcomes known: two integers, the most important case, take no branch.
inline bool compare(operation what, std::uint8_t accepts, const value& a, const value& b) noexcept {
  if (a.type() != value::kind::integer || b.type() != value::kind::integer)
    return compare(what, a, b);
  const auto x = *a.as_integer();
  const auto y = *b.as_integer();
  return ((accepts >> (1 + (x > y) - (x < y))) & 1) != 0;
}

/// Whether a kind passes one of the `is_…` tests.
bool has_kind(operation what, value::kind kind) noexcept;

} // namespace registry::inline v0_2::internal
