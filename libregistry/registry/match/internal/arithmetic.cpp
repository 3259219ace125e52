#include <registry/match/internal/arithmetic.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

namespace registry::inline v0_2::internal {

namespace {

constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

std::optional<value> of_integers(operation what, std::int64_t a, std::int64_t b) noexcept {
  std::int64_t result = 0;
  bool overflow = true;
  switch (what) {
  case operation::add:
    overflow = __builtin_add_overflow(a, b, &result);
    break;
  case operation::subtract:
    overflow = __builtin_sub_overflow(a, b, &result);
    break;
  case operation::multiply:
    overflow = __builtin_mul_overflow(a, b, &result);
    break;
  case operation::divide:
    overflow = b == 0 || (a == smallest && b == -1);
    result = overflow ? 0 : a / b;
    break;
  case operation::remainder:
    overflow = b == 0;
    // The machine traps on smallest % -1, although the result is 0.
    result = overflow || b == -1 ? 0 : a % b;
    break;
  default:
    break;
  }
  return overflow ? std::nullopt : std::optional<value>(result);
}

std::optional<value> of_reals(operation what, double a, double b) noexcept {
  auto result = std::numeric_limits<double>::quiet_NaN();
  if (what == operation::add)
    result = a + b;
  else if (what == operation::subtract)
    result = a - b;
  else if (what == operation::multiply)
    result = a * b;
  return std::isfinite(result) ? std::optional<value>(result) : std::nullopt;
}

std::optional<double> as_number(const value& x) noexcept {
  if (const auto integer = x.as_integer())
    return static_cast<double>(*integer);
  return x.as_real();
}

} // namespace

std::optional<value> calculate(operation what, const value& a, const value& b) noexcept {
  const auto left = a.as_integer();
  const auto right = b.as_integer();
  if (left && right)
    return of_integers(what, *left, *right);
  const auto left_real = as_number(a);
  const auto right_real = as_number(b);
  return left_real && right_real ? of_reals(what, *left_real, *right_real) : std::nullopt;
}

std::optional<value> magnitude(const value& x) noexcept {
  if (const auto real = x.as_real())
    return std::fabs(*real);
  const auto integer = x.as_integer();
  if (!integer || *integer == smallest)
    return std::nullopt;
  return *integer < 0 ? -*integer : *integer;
}

} // namespace registry::inline v0_2::internal
