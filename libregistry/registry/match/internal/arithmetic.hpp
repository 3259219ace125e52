#pragma once

#include <registry/match/internal/function.hpp>
#include <registry/value/value.hpp>

#include <optional>

namespace registry::inline v0_2::internal {

/// `+ - * div rem` of two values. Nothing if one has the wrong kind, or the result overflows or is not finite.
std::optional<value> calculate(operation what, const value& a, const value& b) noexcept;

/// The magnitude of a number. Nothing for another kind, and for the smallest integer, whose magnitude does not fit.
std::optional<value> magnitude(const value& x) noexcept;

} // namespace registry::inline v0_2::internal
