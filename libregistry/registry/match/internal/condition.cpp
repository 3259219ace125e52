#include <registry/match/internal/condition.hpp>

namespace registry::inline v0_2::internal {

bool compare(operation what, const value& a, const value& b) noexcept {
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

bool has_kind(operation what, value::kind kind) noexcept {
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

} // namespace registry::inline v0_2::internal
