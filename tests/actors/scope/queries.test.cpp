#include <support/fixture.hpp>

#include <registry/match/parser.hpp>

#include <support/catch.hpp>

#include <algorithm>

namespace registry {

using testing::one_node;

namespace {

struct populated : one_node {
  populated() {
    for (int i = 0; i < 20; ++i) {
      const auto role = i % 2 == 0 ? "primary" : "replica";
      REQUIRE(rooms.join(list("shard", i % 4), worker, object("role", role, "load", i)));
    }
  }
  member worker = spawn_idle();
};

std::vector<value> sorted(std::vector<value> values) {
  std::sort(values.begin(), values.end());
  return values;
}

} // namespace

TEST_CASE("match finds the entries under one key by pattern, text or predicate", "[scope]") {
  populated n;
  const auto key = list("shard", 2);
  CHECK(n.rooms.match(key, R"({"role": "primary", "load": $1} when $1 >= 10)").value().size() == 3);
  CHECK(n.rooms.count_match(key, R"({"role": "primary"})").value() == 5);
  CHECK(n.rooms.count_match(key, R"({"role": "replica"})").value() == 0);
  CHECK(n.rooms.count_match(key, [](const value& x) { return *x.find("load") < value{7}; }).value() == 2);
  const auto spec = parse_match(R"({"load": $1} when $1 == 2)");
  REQUIRE(spec);
  CHECK(n.rooms.match(key, spec.value()).value().size() == 1);
  CHECK(n.rooms.match("nobody", "_").value().empty());
}

TEST_CASE("a bad specification is refused before anything runs and harms nothing", "[scope]") {
  populated n;
  const auto refused = n.rooms.match("k", R"({"load": $1} when no_such_function($1))");
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == errc::bad_match_spec);
  CHECK(refused.error().position() > 0);
  CHECK(n.rooms.count_match("k", "$1 when $2").error() == errc::bad_match_spec);
  CHECK(n.rooms.select("[_, _").error() == errc::bad_match_spec);
  CHECK(n.rooms.count_select("[_, _, _] when hd(1, 2)").error() == errc::bad_match_spec);
  CHECK(n.rooms.count() == 20);
}

TEST_CASE("select runs over the whole scope, the first clause that matches decides", "[scope]") {
  populated n;
  const auto loads = n.rooms.select(R"([_, _, {"load": $1}] when $1 < 3 -> $1)");
  CHECK(sorted(loads.value()) == std::vector<value>{0, 1, 2});
  const auto both = n.rooms.select(R"([_, _, {"load": $1}] when $1 < 2 -> "low"; [_, _, {"load": 19}] -> "high")");
  CHECK(sorted(both.value()) == std::vector<value>{"high", "low", "low"});
  CHECK(n.rooms.count_select(R"([_, _, {"role": $1}] -> $1 == "primary")").value() == 10);
}

TEST_CASE("select with bound keys gives the results of a scan", "[scope]") {
  populated n;
  const auto one = n.rooms.select(R"([["shard", 1], _, {"load": $1}] -> $1)");
  CHECK(sorted(one.value()) == std::vector<value>{1, 5, 9, 13, 17});
  const auto two =
      n.rooms.select(R"([["shard", 1], _, {"load": $1}] when $1 > 9 -> $1; [["shard", 3], _, {"load": $1}] -> $1)");
  CHECK(sorted(two.value()) == std::vector<value>{3, 7, 11, 13, 15, 17, 19});
  const auto scanned = n.rooms.select(R"([$2, _, {"load": $1}] when $2 =:= ["shard", 1] -> $1)");
  CHECK(sorted(scanned.value()) == sorted(one.value()));
  CHECK(n.rooms.select(R"([["shard", 1.0], _, _] -> 1)").value().empty());
}

} // namespace registry
