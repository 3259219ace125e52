#include "evaluation.hpp"

#include <support/fake_member.hpp>

using namespace registry;
using registry::testing::make_member;
using registry::testing::matches;

TEST_CASE("any and a variable match everything", "[match]") {
  for (const auto& x : {value(), value(1), value("a"), list(), object(), list(1, 2), value(make_member(1))}) {
    CHECK(matches(any, x));
    CHECK(matches(pattern(), x));
    CHECK(matches(var<1>, x));
    CHECK(matches(var<255>, x));
  }
}

TEST_CASE("a literal matches strictly equal values only", "[match]") {
  CHECK(matches(1, 1));
  CHECK_FALSE(matches(1, 1.0));
  CHECK_FALSE(matches(1.0, 1));
  CHECK(matches("a", "a"));
  CHECK_FALSE(matches("a", "b"));
  CHECK(matches(nullptr, nullptr));
  CHECK_FALSE(matches(nullptr, false));
  CHECK_FALSE(matches(false, 0));
  CHECK(matches(list(1, "a"), list(1, "a")));
  CHECK_FALSE(matches(list(1, "a"), list(1.0, "a")));
  CHECK(matches(value(make_member(1)), make_member(1)));
  CHECK_FALSE(matches(value(make_member(1)), make_member(2)));
}

TEST_CASE("a literal map matches only maps without further keys, a map pattern also others", "[match]") {
  const auto both = object("role", "primary", "shard", 1);
  CHECK_FALSE(matches(object("role", "primary"), both));
  CHECK(matches(object("shard", 1, "role", "primary"), both));
  CHECK(matches(object_like("role", "primary"), both));
  CHECK(matches(object_like(), both));
  CHECK(matches(object_like(), object()));
  CHECK_FALSE(matches(object_like(), list()));
}

TEST_CASE("a map pattern needs its keys, in any order and at any depth", "[match]") {
  const auto p = object_like("shard", var<1>, "role", "primary", "place", object_like("rack", 4));
  CHECK(matches(p, object("role", "primary", "shard", 3, "place", object("rack", 4, "row", 1))));
  CHECK_FALSE(matches(p, object("role", "primary", "shard", 3, "place", object("row", 1))));
  CHECK_FALSE(matches(p, object("role", "primary", "place", object("rack", 4))));
  CHECK_FALSE(matches(p, object("role", "replica", "shard", 3, "place", object("rack", 4))));
  CHECK_FALSE(matches(p, object("role", "primary", "shard", 3, "place", 4)));
}

TEST_CASE("a map pattern finds its keys in large maps", "[match]") {
  std::vector<std::pair<std::string, value>> pairs;
  for (int i = 0; i < 500; ++i)
    pairs.emplace_back("a key that is too long to be stored inline " + std::to_string(i), i);
  const auto large = value::map(pairs);
  for (const int i : {0, 1, 250, 499}) {
    CHECK(matches(object_like(pairs[i].first, i), large));
    CHECK_FALSE(matches(object_like(pairs[i].first, i + 1), large));
  }
  CHECK(matches(object_like(pairs[3].first, 3, pairs[400].first, any), large));
  CHECK_FALSE(matches(object_like("no such key", any), large));
  CHECK_FALSE(matches(object_like(pairs[3].first, 3, "no such key", any), large));
}

TEST_CASE("a list pattern matches lists of the same length", "[match]") {
  CHECK(matches(list_like(1, var<1>, any), list(1, 2, 3)));
  CHECK_FALSE(matches(list_like(1, var<1>, any), list(1, 2)));
  CHECK_FALSE(matches(list_like(1, var<1>, any), list(1, 2, 3, 4)));
  CHECK_FALSE(matches(list_like(1, var<1>), list(2, 2)));
  CHECK_FALSE(matches(list_like(any), object("a", 1)));
  CHECK_FALSE(matches(list_like(any), "a"));
  CHECK(matches(list_like(), list()));
  CHECK_FALSE(matches(list_like(), object()));
}

TEST_CASE("a list pattern with a tail matches lists of at least its length", "[match]") {
  const auto p = pattern::list({1, var<1>}, any);
  CHECK(matches(p, list(1, 2)));
  CHECK(matches(p, list(1, 2, 3, 4)));
  CHECK_FALSE(matches(p, list(1)));
  CHECK_FALSE(matches(p, object()));
  CHECK(matches(pattern::list({}, any), list()));
  CHECK_FALSE(matches(pattern::list({}, any), nullptr));
}

TEST_CASE("a variable that occurs twice must be bound to strictly equal values", "[match]") {
  CHECK(matches(list_like(var<1>, var<1>), list(1, 1)));
  CHECK_FALSE(matches(list_like(var<1>, var<1>), list(1, 1.0)));
  CHECK(matches(object_like("a", var<7>, "b", list_like(var<7>)), object("a", list(1), "b", list(list(1)))));
  CHECK_FALSE(matches(object_like("a", var<7>, "b", list_like(var<7>)), object("a", list(1), "b", list(list(1.0)))));
}

TEST_CASE("a tail is compared like any other list", "[match]") {
  const auto tails = list_like(pattern::list({any}, var<1>), pattern::list({any, any}, var<1>));
  CHECK(matches(tails, list(list(1, 5, 6), list(1, 2, 5, 6))));
  CHECK(matches(tails, list(list(1), list(1, 2))));
  CHECK_FALSE(matches(tails, list(list(1, 5, 6), list(1, 2, 5))));
  CHECK_FALSE(matches(tails, list(list(1, 5), list(1, 2, 5.0))));

  const auto whole_first = list_like(var<1>, pattern::list({any}, var<1>));
  CHECK(matches(whole_first, list(list(5, 6), list(1, 5, 6))));
  CHECK_FALSE(matches(whole_first, list(5, list(1, 5))));
  const auto tail_first = list_like(pattern::list({any}, var<1>), var<1>);
  CHECK(matches(tail_first, list(list(1, 5, 6), list(5, 6))));
  CHECK_FALSE(matches(tail_first, list(list(1, 5), 5)));
  CHECK_FALSE(matches(tail_first, list(list(1), nullptr)));
}

TEST_CASE("patterns are identical when they are built alike", "[match]") {
  const auto build = [] { return object_like("a", list_like(1, var<2>), "b", pattern::list({any}, var<3>)); };
  CHECK(identical(build(), build()));
  CHECK(identical(list_like(1, 2), pattern(list(1, 2))));
  CHECK_FALSE(identical(pattern(1), pattern(1.0)));
  CHECK_FALSE(identical(pattern(any), pattern(var<1>)));
  CHECK_FALSE(identical(pattern(var<1>), pattern(var<2>)));
  CHECK_FALSE(identical(object_like("a", 1), pattern(object("a", 1))));
  CHECK_FALSE(identical(object_like("a", 1), object_like("b", 1)));
  CHECK_FALSE(identical(pattern::list({var<1>}), pattern::list({var<1>}, any)));
  CHECK_FALSE(identical(pattern::list({1}, var<1>), pattern::list({1}, var<2>)));
}
