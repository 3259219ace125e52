#include "evaluation.hpp"

#include <registry/match/operators.hpp>

using namespace registry;
using registry::testing::parsed;

namespace {

/// Whether an expression of the C++ notation equals the text.
bool says(const expression& e, const std::string& text) {
  INFO(to_string(e) << " instead of " << text);
  return identical(e, parsed(text));
}

} // namespace

TEST_CASE("operators build expressions", "[match]") {
  CHECK(says(var<1> == 3, "$1 == 3"));
  CHECK(says(var<1> != 3, "$1 /= 3"));
  CHECK(says(var<1> < 3, "$1 < 3"));
  CHECK(says(var<1> > 3, "$1 > 3"));
  CHECK(says(var<1> <= 3, "$1 =< 3"));
  CHECK(says(var<1> >= 3, "$1 >= 3"));
  CHECK(says(var<1> + 3, "$1 + 3"));
  CHECK(says(var<1> - 3, "$1 - 3"));
  CHECK(says(var<1> * 3, "$1 * 3"));
  CHECK(says(-var<1>, "0 - $1"));
  CHECK(says(!var<1>, "not $1"));
  CHECK(says(var<1> && var<2>, "$1 andalso $2"));
  CHECK(says(var<1> || var<2>, "$1 orelse $2"));
  CHECK(says(var<1> > 3 && is_int(var<1>), "$1 > 3 andalso is_int($1)"));
  CHECK(says((var<1> + 1) * 2 <= length(var<2>) || !is_list(var<2>), "($1 + 1) * 2 =< length($2) orelse not is_list($2)"));
}

TEST_CASE("either side of an operator may be an ordinary value", "[match]") {
  CHECK(says(3 < var<1>, "3 < $1"));
  CHECK(says("a" == var<1>, "\"a\" == $1"));
  CHECK(says(var<1> == value("a"), "$1 == \"a\""));
  CHECK(says(value(2.5) != var<1>, "2.5 /= $1"));
  CHECK(says(list(1, 2) == var<1>, "[1, 2] == $1"));
  CHECK(says(var<1> == std::string("a"), "$1 == \"a\""));
  CHECK(says(var<1> == nullptr, "$1 == null"));
  CHECK(says(true && (var<1> == false), "true andalso $1 == false"));
  CHECK(says(row == list(), "$_ == []"));
  CHECK(says(length(bindings) > 2, "length($$) > 2"));
}

TEST_CASE("operators on plain values keep their meaning", "[match]") {
  static_assert(std::is_same_v<decltype(value(1) == value(1)), bool>);
  static_assert(std::is_same_v<decltype(value(1) < value(1)), bool>);
  static_assert(std::is_same_v<decltype(value(1) != 2), bool>);
  static_assert(std::is_same_v<decltype(value(1) >= "a"), bool>);
  static_assert(std::is_same_v<decltype(var<1> == value(1)), expression>);
  CHECK(value(1) == value(1.0));
  CHECK(value(1) < value(2));
}

TEST_CASE("functions build calls", "[match]") {
  CHECK(says(all_of(var<1>, var<2>), "$1 and $2"));
  CHECK(says(all_of(var<1>, true, var<2> > 3), "and($1, true, $2 > 3)"));
  CHECK(says(any_of(var<1>, var<2>), "$1 or $2"));
  CHECK(says(any_of(var<1>, false, var<2>), "or($1, false, $2)"));
  CHECK(says(exclusive_or(var<1>, var<2>), "$1 xor $2"));
  CHECK(says(strictly_equal(var<1>, 1), "$1 =:= 1"));
  CHECK(says(strictly_different(var<1>, 1), "$1 =/= 1"));
  CHECK(says(div(var<1>, 2), "$1 div 2"));
  CHECK(says(rem(var<1>, 2), "$1 rem 2"));
  CHECK(says(abs(var<1>), "abs($1)"));
  CHECK(says(hd(var<1>), "hd($1)"));
  CHECK(says(tl(var<1>), "tl($1)"));
  CHECK(says(length(var<1>), "length($1)"));
  CHECK(says(element(2, var<1>), "element(2, $1)"));
  CHECK(says(map_get("a", var<1>), "map_get(\"a\", $1)"));
  CHECK(says(is_map_key("a", var<1>), "is_map_key(\"a\", $1)"));
  CHECK(says(map_size(var<1>), "map_size($1)"));
  CHECK(says(is_null(var<1>), "is_null($1)"));
  CHECK(says(is_bool(var<1>), "is_bool($1)"));
  CHECK(says(is_atom(var<1>), "is_atom($1)"));
  CHECK(says(is_int(var<1>), "is_int($1)"));
  CHECK(says(is_real(var<1>), "is_real($1)"));
  CHECK(says(is_number(var<1>), "is_number($1)"));
  CHECK(says(is_string(var<1>), "is_string($1)"));
  CHECK(says(is_bytes(var<1>), "is_bytes($1)"));
  CHECK(says(is_actor(var<1>), "is_actor($1)"));
  CHECK(says(is_list(var<1>), "is_list($1)"));
  CHECK(says(is_map(var<1>), "is_map($1)"));
  CHECK(says(list_of(1, var<1>), "[1, $1]"));
  CHECK(says(object_of("b", var<1>, "a", 1), "{\"a\": 1, \"b\": $1}"));
}

TEST_CASE("everything built with the C++ notation compiles", "[match]") {
  const auto x = var<1>;
  const std::vector<expression> guards{
      x == 1 || x != 1 || x < 1 || x > 1 || x <= 1 || x >= 1,
      all_of(is_null(x), is_bool(x), is_atom(x), is_int(x), is_real(x), is_number(x), is_string(x), is_bytes(x), is_actor(x),
             is_list(x), is_map(x)),
      any_of(is_map_key("a", x), exclusive_or(x, x), strictly_equal(x, x), strictly_different(x, x), !x),
      list_of(div(x, x), rem(x, x), abs(x), hd(x), tl(x), length(x), element(1, x), map_get("a", x), map_size(x), -x, x + x,
              x - x, x * x) == object_of("a", x)};
  CHECK(match_spec::compile(x, guards).has_value());
}

TEST_CASE("patterns and expressions can be used without initializer lists", "[match]") {
  const auto spec = match_spec::compile(object_like("role", "primary", "shard", var<1>), {var<1> < 10 && is_int(var<1>)});
  REQUIRE(spec.has_value());
  CHECK(spec.value().matches(object("role", "primary", "shard", 3)));
  CHECK_FALSE(spec.value().matches(object("role", "primary", "shard", 30)));
  CHECK_FALSE(spec.value().matches(object("role", "primary", "shard", 3.0)));
}
