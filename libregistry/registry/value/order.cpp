#include <registry/value/internal/equal_parts.hpp>
#include <registry/value/value.hpp>

#include <algorithm>

namespace registry::inline v0_2 {

namespace {

// The places of the kinds in the order; false, null and true are three places, as they are three atoms in Erlang.
int rank(const value& x) noexcept {
  switch (x.type()) {
  case value::kind::integer:
  case value::kind::real:
    return 0;
  case value::kind::boolean:
    return *x.as_bool() ? 3 : 1;
  case value::kind::null:
    return 2;
  case value::kind::actor:
    return 4;
  case value::kind::map:
    return 5;
  case value::kind::list:
    return 6;
  case value::kind::string:
    return 7;
  case value::kind::bytes:
    return 8;
  }
  return 9;
}

// Neither operand may be rounded: beyond 2^53 adjacent integers share one double.
std::weak_ordering compare_exactly(std::int64_t a, double b) noexcept {
  constexpr double limit = 9223372036854775808.0; // 2^63
  if (b >= limit)
    return std::weak_ordering::less;
  if (b < -limit)
    return std::weak_ordering::greater;
  const auto whole = static_cast<std::int64_t>(b); // towards zero, exact
  if (a != whole)
    return a <=> whole;
  const double fraction = b - static_cast<double>(whole);
  if (fraction == 0.0)
    return std::weak_ordering::equivalent;
  return fraction > 0.0 ? std::weak_ordering::less : std::weak_ordering::greater;
}

std::weak_ordering compare_reals(double a, double b) noexcept {
  if (a == b)
    return std::weak_ordering::equivalent;
  return a < b ? std::weak_ordering::less : std::weak_ordering::greater;
}

std::weak_ordering compare_numbers(const value& a, const value& b) noexcept {
  const auto left = a.as_integer();
  const auto right = b.as_integer();
  if (left && right)
    return *left <=> *right;
  if (left)
    return compare_exactly(*left, *b.as_real());
  if (right)
    return 0 <=> compare_exactly(*right, *a.as_real());
  return compare_reals(*a.as_real(), *b.as_real());
}

using internal::equal_parts;

std::weak_ordering compare(const value& a, const value& b, equal_parts& known) noexcept;

std::weak_ordering compare_elements(std::span<const value> a, std::span<const value> b, equal_parts& known) noexcept {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(),
                                                [&](const value& x, const value& y) { return compare(x, y, known); });
}

/// Only parts of equal depth can be equivalent, and only such pairs are remembered.
std::weak_ordering compare_lists(const value& a, const value& b, equal_parts& known) noexcept {
  const auto x = a.as_list();
  const auto y = b.as_list();
  if (x.data() == y.data() || (a.depth() == b.depth() && known.met(x.data(), y.data())))
    return x.size() <=> y.size();
  return compare_elements(x, y, known);
}

// Keys are strings, so comparing them as values compares their text.
std::weak_ordering compare_maps(const value& a, const value& b, equal_parts& known) noexcept {
  const auto x = a.as_map();
  const auto y = b.as_map();
  if (x.size() != y.size())
    return x.size() <=> y.size();
  const auto* left = x.mapped().data();
  const auto* right = y.mapped().data();
  if (left == right || (a.depth() == b.depth() && known.met(left, right)))
    return std::weak_ordering::equivalent;
  if (x.keys().data() != y.keys().data())
    if (const auto order = compare_elements(x.keys(), y.keys(), known); order != 0)
      return order;
  return compare_elements(x.mapped(), y.mapped(), known);
}

std::weak_ordering compare_bytes(std::span<const std::byte> a, std::span<const std::byte> b) noexcept {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
}

std::weak_ordering compare(const value& a, const value& b, equal_parts& known) noexcept {
  const auto left = rank(a);
  if (const auto right = rank(b); left != right)
    return left <=> right;
  switch (a.type()) {
  case value::kind::integer:
  case value::kind::real:
    return compare_numbers(a, b);
  case value::kind::actor:
    return compare_members(a.as_actor(), b.as_actor());
  case value::kind::map:
    return compare_maps(a, b, known);
  case value::kind::list:
    return compare_lists(a, b, known);
  case value::kind::string:
    return *a.as_string() <=> *b.as_string();
  case value::kind::bytes:
    return compare_bytes(*a.as_bytes(), *b.as_bytes());
  default:
    return std::weak_ordering::equivalent;
  }
}

} // namespace

std::weak_ordering operator<=>(const value& a, const value& b) noexcept {
  if (value::same_storage(a, b))
    return std::weak_ordering::equivalent;
  equal_parts known;
  return compare(a, b, known);
}

bool operator==(const value& a, const value& b) noexcept {
  if (value::same_storage(a, b))
    return true;
  // Lengths differ more often than contents: no need to walk two lists that cannot be equal.
  if (a.type() == value::kind::list && b.type() == value::kind::list && a.as_list().size() != b.as_list().size())
    return false;
  return (a <=> b) == 0;
}

} // namespace registry::inline v0_2
