#pragma once

#include <registry/match/internal/function.hpp>
#include <registry/value/value.hpp>

#include <cstdint>

namespace registry::internal {

/// Strict equality of integers, so that they can stand for values.
inline bool identical(std::int64_t a, std::int64_t b) noexcept {
  return a == b;
}

/// Whether two values (or two integers: the case that matters most) compare as a comparison operator says.
template <class T>
bool compare(operation what, const T& a, const T& b) noexcept {
  switch (what) {
  case operation::equal:
    return a == b;
  case operation::different:
    return !(a == b);
  case operation::less:
    return a < b;
  case operation::greater:
    return a > b;
  case operation::at_most:
    return a <= b;
  case operation::at_least:
    return a >= b;
  case operation::strictly_equal:
    return identical(a, b);
  default:
    return !identical(a, b);
  }
}

/// Whether a kind passes one of the `is_…` tests.
inline bool has_kind(operation what, value::kind kind) noexcept {
  switch (what) {
  case operation::is_null:
    return kind == value::kind::null;
  case operation::is_boolean:
    return kind == value::kind::boolean;
  case operation::is_atom:
    return kind == value::kind::null || kind == value::kind::boolean;
  case operation::is_integer:
    return kind == value::kind::integer;
  case operation::is_real:
    return kind == value::kind::real;
  case operation::is_number:
    return kind == value::kind::integer || kind == value::kind::real;
  case operation::is_string:
    return kind == value::kind::string;
  case operation::is_bytes:
    return kind == value::kind::bytes;
  case operation::is_actor:
    return kind == value::kind::actor;
  case operation::is_list:
    return kind == value::kind::list;
  default:
    return kind == value::kind::map;
  }
}

} // namespace registry::internal
