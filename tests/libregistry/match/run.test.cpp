#include "random_tree.hpp"

#include <registry/match/internal/run.hpp>
#include <registry/match/matcher.hpp>
#include <registry/match/parser.hpp>

#include <support/effort.hpp>
#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <thread>

using namespace registry;
using namespace registry::testing;

namespace {

using pairs = std::vector<std::pair<std::string, value>>;

match_spec spec_of(std::string_view text) {
  return parse_match(text).value();
}

/// The same maps made on another thread: their keys are in other lists.
std::vector<value> made_elsewhere(const std::vector<pairs>& all) {
  std::vector<value> out;
  std::thread([&] {
    std::transform(all.begin(), all.end(), std::back_inserter(out), [](const pairs& p) { return value::map(p); });
  }).join();
  return out;
}

pairs pairs_in(const value& map) {
  pairs out;
  for (const auto& [key, mapped] : map.as_map())
    out.emplace_back(*key.as_string(), mapped);
  return out;
}

/// A map and variants of it: other values, missing keys, additional keys, no keys.
std::vector<pairs> relatives(std::mt19937_64& random, const value& map, const value_shape& shape) {
  const auto whole = pairs_in(map);
  std::vector<pairs> out{whole, {}};
  for (int i = 0; i < 4; ++i) {
    auto other = whole;
    if (!other.empty())
      other[random_below(random, other.size())].second = random_value(random, shape);
    if (!other.empty() && random_below(random, 3) == 0)
      other.erase(other.begin() + static_cast<std::ptrdiff_t>(random_below(random, other.size())));
    if (random_below(random, 3) == 0)
      other.emplace_back(random_text(random, true), random_value(random, shape));
    out.push_back(std::move(other));
  }
  return out;
}

value sample_map(std::mt19937_64& random, const value_shape& shape) {
  for (;;)
    if (auto x = random_value(random, shape); x.type() == value::kind::map)
      return x;
}

} // namespace

TEST_CASE("a run over maps with mixed keys gives the results of separate matches", "[match]") {
  const auto maps =
      list(object("role", "worker", "shard", 1), object("role", "worker", "shard", 2), object("role", "worker"),
           object("role", "worker", "shard", 3, "zone", "a"), object("shard", 1), object(), 7, list(),
           object("area", 1, "role", "worker", "shard", 1), object("role", "guard", "shard", 1));
  for (const auto* text :
       {R"({"role": "worker", "shard": $1} when $1 < 3)", R"({"shard": 1})", R"({"role": $1, "shard": _})", R"({})",
        R"({"shard": $1, "role": $1})", R"(={"role": "worker"})", R"($1 when is_map($1))"}) {
    const auto spec = spec_of(text);
    internal::match_run run(spec);
    // Each pair of neighbours occurs: keys are cached when they occur twice, and others follow.
    for (const auto& first : maps.as_list())
      for (const auto& second : maps.as_list())
        for (const auto* x : {&first, &second, &second, &first}) {
          CAPTURE(text, to_string(*x));
          REQUIRE(run(*x) == spec.matches(*x));
        }
  }
}

TEST_CASE("a run does not confuse keys with those of a destroyed map", "[match]") {
  const auto spec = spec_of(R"({"b": 1})");
  internal::match_run run(spec);
  CHECK(run(object("b", 1, "c", 2)));
  CHECK(run(object("b", 1, "c", 2)));
  // No thread remembers this many lists of keys, so the memory of the first one would be given to others. Each occurs once:
  // the cache stays as it is.
  for (int i = 0; i < 1000; ++i)
    CHECK_FALSE(run(object("a" + std::to_string(i), 1, "b", 2)));
  CHECK(run(object("b", 1, "c", 2)));
}

TEST_CASE("a matcher's run takes specifications and predicates", "[match]") {
  const matcher specified(spec_of(R"({"shard": 1})"));
  const matcher predicate([](const value& x) { return x.find("shard") != nullptr; });
  internal::matcher_run first(specified);
  internal::matcher_run second(predicate);
  for (int i = 0; i < 4; ++i) {
    CHECK(first(object("shard", 1)));
    CHECK_FALSE(first(object("shard", 2)));
    CHECK(second(object("shard", 2)));
    CHECK_FALSE(second(object()));
  }
}

TEST_CASE("patterns with more maps and keys than a run caches match correctly", "[match]") {
  value deep = 1;
  std::string text = "1";
  for (int i = 0; i < 8; ++i) {
    deep = object("in", deep, "on", i);
    text.insert(0, R"({"in": )").append(R"(, "on": )").append(std::to_string(i)).append("}");
  }
  pairs wide;
  std::string wide_text;
  for (int i = 0; i < 20; ++i) {
    wide.emplace_back("key " + std::to_string(i), i);
    wide_text += (i == 0 ? "{" : ", ") + ('"' + wide.back().first + "\": " + std::to_string(i));
  }
  const auto deep_spec = spec_of(text);
  const auto wide_spec = spec_of(wide_text + "}");
  internal::match_run deep_run(deep_spec);
  internal::match_run wide_run(wide_spec);
  for (int i = 0; i < 4; ++i) {
    CHECK(deep_run(deep));
    CHECK_FALSE(deep_run(object("in", 1, "on", 7)));
    CHECK(wide_run(value::map(wide)));
    CHECK_FALSE(wide_run(object("key 1", 1)));
  }
}

TEST_CASE("random runs give the results of the reference implementation", "[match]") {
  std::mt19937_64 random(seed());
  const std::array<member, 2> actors{make_member(1), make_member(2)};
  const value_shape shape{2, 4, actors, false};
  std::uint64_t hits = 0;
  std::uint64_t tries = 0;
  for (std::uint64_t round = 0; round < repetitions(1500); ++round) {
    const auto data = sample_map(random, shape);
    const auto all = relatives(random, data, shape);
    std::vector<value> pool;
    for (const auto& x : all)
      pool.push_back(value::map(x));
    if (round % 4 == 0)
      for (auto& x : made_elsewhere(all))
        pool.push_back(std::move(x));
    const value key = "key";
    std::vector<clause_tree> trees;
    for (auto n = 1 + random_below(random, 2); n > 0; --n)
      trees.push_back(random_clause(random, key, actors[0], data, shape));
    std::vector<select_clause> clauses;
    for (const auto& tree : trees)
      clauses.push_back(build(tree));
    const auto spec = select_spec::compile(clauses);
    REQUIRE(spec.has_value());
    internal::select_run run(spec.value());
    for (int i = 0; i < 40; ++i) {
      // Often the same one several times, so that its keys are cached.
      const auto& x = pool[random_below(random, i % 2 == 0 ? pool.size() : std::min<std::size_t>(pool.size(), 1))];
      const auto expected = reference_run(trees, key, actors[0], x);
      CAPTURE(round, i, to_string(x), to_string(clauses.front().value));
      const auto got = run(key, actors[0], x);
      REQUIRE(got.has_value() == expected.has_value());
      if (expected)
        REQUIRE(identical(*got, *expected));
      REQUIRE(run.holds(key, actors[0], x) == (expected && identical(*expected, true)));
      hits += expected ? 1 : 0;
      ++tries;
    }
  }
  CHECK(hits > tries / 10);
  CHECK(hits < tries - tries / 10);
}
