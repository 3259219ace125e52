#include "evaluation.hpp"

#include <registry/match/operators.hpp>

#include <support/fake_member.hpp>

#include <array>

using namespace registry;
using namespace registry::testing;

// A guard that compares a variable with a constant is tested while the pattern is matched, any other one afterwards. The
// difference must not be observable.

namespace {

const std::array<value, 9> samples{nullptr, true, 1, 1.0, 2, -3, "one", list(1), object("a", 1)};

bool holds(const pattern& p, const std::vector<expression>& guards, const value& x) {
  const auto spec = match_spec::compile(p, guards);
  REQUIRE(spec.has_value());
  return spec.value().matches(x);
}

} // namespace

TEST_CASE("a comparison with a constant gives the same on either side and inside other guards", "[match]") {
  const std::array<std::pair<const char*, const char*>, 8> comparisons{
      {{"==", "=="}, {"/=", "/="}, {"=:=", "=:="}, {"=/=", "=/="}, {"<", ">"}, {">", "<"}, {"=<", ">="}, {">=", "=<"}}};
  for (const auto& [name, mirrored] : comparisons)
    for (const auto& x : samples)
      for (const auto& constant : samples) {
        INFO(to_string(x) << ' ' << name << ' ' << to_string(constant));
        const auto guard = expression::call(name, {var<1>, constant});
        const bool expected = guard_holds(expression::call("xor", {guard, false}), x);
        CHECK(guard_holds(guard, x) == expected);
        CHECK(guard_holds(expression::call(mirrored, {constant, var<1>}), x) == expected);
        CHECK(holds(pattern::map({{"x", var<1>}}), {guard}, object("w", 0, "x", x)) == expected);
      }
}

TEST_CASE("several conditions on one variable all count", "[match]") {
  const std::vector<expression> guards{var<1> > 1, var<1> < 5, var<1> != 3};
  CHECK(holds(var<1>, guards, 2));
  CHECK(holds(var<1>, guards, 4));
  for (const auto& x : {value(1), value(3), value(5), value("two")})
    CHECK_FALSE(holds(var<1>, guards, x));
}

TEST_CASE("conditions on several variables all count", "[match]") {
  const auto pair = pattern::list({var<2>, var<1>});
  const std::vector<expression> guards{var<1> < 5, strictly_equal("a", var<2>), is_int(var<1>)};
  CHECK(holds(pair, guards, list("a", 4)));
  CHECK_FALSE(holds(pair, guards, list("a", 5)));
  CHECK_FALSE(holds(pair, guards, list("b", 4)));
  CHECK_FALSE(holds(pair, guards, list("a", 4.0)));
}

TEST_CASE("a condition on the tail of a list counts", "[match]") {
  const auto tail = pattern::list({any}, var<1>);
  CHECK(holds(tail, {var<1> == list(1, 2)}, list(0, 1, 2)));
  CHECK_FALSE(holds(tail, {var<1> == list(1, 2)}, list(0, 1)));
  const auto twice = pattern::list({var<1>, pattern::list({any}, var<1>)});
  CHECK(holds(twice, {var<1> != list(1)}, list(list(2), list(0, 2))));
  CHECK_FALSE(holds(twice, {var<1> != list(1)}, list(list(1), list(0, 1))));
}

TEST_CASE("a condition counts for a variable of the key, and for its clause only", "[match]") {
  const auto spec = select_spec::compile({{var<1>, any, var<2>, {var<1> < 5, var < 2 >> 0}, {"first"}},
                                          {var<1>, any, var<2>, {var<2> > 0}, {"second"}},
                                          {var<1>, any, any, {}, {var<1>}}});
  REQUIRE(spec.has_value());
  CHECK(spec.value().run(4, nullptr, 1) == value("first"));
  CHECK(spec.value().run(5, nullptr, 1) == value("second"));
  CHECK(spec.value().run(4, nullptr, 0) == value(4));
}

TEST_CASE("a variable used for the member and for a part of the value is the same variable", "[match]") {
  const auto who = make_member(1);
  const auto spec = select_spec::compile({{any, var<1>, pattern::list({var<1>}), {var<1> != nullptr}, {bindings}},
                                          {any, var<1>, any, {}, {list_of("other", var<1>)}}});
  REQUIRE(spec.has_value());
  CHECK(spec.value().run("key", who, list(who)) == list(who));
  CHECK(spec.value().run("key", who, list(1)) == list("other", who));
  CHECK(spec.value().run("key", nullptr, list(nullptr)) == list("other", nullptr));
}
