#include "random_tree.hpp"

#include <registry/match/parser.hpp>

#include <support/effort.hpp>
#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <array>

using namespace registry;
using namespace registry::testing;

namespace {

/// The purpose of a random clause.
struct random_entry {
  std::array<member, 3> actors{make_member(1), make_member(2), make_member(3)};
  value_shape shape{3, 4, actors, false};
  value key;
  member who;
  value data;

  explicit random_entry(std::mt19937_64& random)
      : key(random_value(random, shape)), who(actors[random_below(random, 3)]), data(random_value(random, shape)) {}
};

bool same(const std::optional<value>& a, const std::optional<value>& b) {
  return a.has_value() == b.has_value() && (!a || identical(*a, *b));
}

std::string text_of(const std::optional<value>& x) {
  return x ? to_string(*x) : "nothing";
}

std::vector<select_clause> build_all(const std::vector<clause_tree>& trees) {
  std::vector<select_clause> clauses;
  for (const auto& tree : trees)
    clauses.push_back(build(tree));
  return clauses;
}

} // namespace

TEST_CASE("random specifications give the results of the reference implementation", "[match]") {
  std::mt19937_64 random(seed());
  std::uint64_t hits = 0;
  std::uint64_t trues = 0;
  for (std::uint64_t round = 0; round < repetitions(20000); ++round) {
    const random_entry entry(random);
    std::vector<clause_tree> trees;
    for (auto n = 1 + random_below(random, 3); n > 0; --n)
      trees.push_back(random_clause(random, entry.key, entry.who, entry.data, entry.shape));
    const auto clauses = build_all(trees);
    INFO("round " << round << ", entry " << to_string(list(entry.key, entry.who, entry.data)));
    for (const auto& clause : clauses) {
      UNSCOPED_INFO("clause [" << to_string(clause.key) << ", " << to_string(clause.member) << ", "
                               << to_string(clause.value));
      for (const auto& guard : clause.guards)
        UNSCOPED_INFO("  when " << to_string(guard));
      UNSCOPED_INFO("  -> " << to_string(clause.body.back()));
    }
    const auto spec = select_spec::compile(clauses);
    REQUIRE(spec.has_value());
    const auto got = spec.value().run(entry.key, entry.who, entry.data);
    const auto expected = reference_run(trees, entry.key, entry.who, entry.data);
    UNSCOPED_INFO("got " << text_of(got) << ", expected " << text_of(expected));
    REQUIRE(same(got, expected));
    const bool is_true = expected && identical(*expected, value(true));
    REQUIRE(spec.value().holds(entry.key, entry.who, entry.data) == is_true);
    hits += expected.has_value() ? 1 : 0;
    trues += is_true ? 1 : 0;
  }
  // Otherwise the test would compare little but misses.
  CHECK(hits > repetitions(2000));
  CHECK(trues > repetitions(200));
}

TEST_CASE("random patterns with guards match like the reference implementation", "[match]") {
  std::mt19937_64 random(seed() + 1);
  std::uint64_t hits = 0;
  for (std::uint64_t round = 0; round < repetitions(20000); ++round) {
    const random_entry entry(random);
    const auto tree = random_clause(random, nullptr, nullptr, entry.data, entry.shape);
    // Guards may use variables of the value only.
    clause_tree clause;
    clause.data = tree.data;
    reference_bindings bound;
    const bool matched = reference_matches(clause.data, entry.data, bound);
    std::vector<unsigned> variables;
    for (const auto& [number, x] : bound)
      variables.push_back(number);
    if (matched)
      clause.guards = {random_expression(random, variables, false, 3, entry.shape)};
    const auto built = build(clause);
    INFO("round " << round << ": " << to_string(built.value) << " against " << to_string(entry.data));
    const auto spec = match_spec::compile(built.value, built.guards);
    REQUIRE(spec.has_value());
    const bool expected = matched && reference_holds(clause.guards, bound);
    REQUIRE(spec.value().matches(entry.data) == expected);
    hits += expected ? 1 : 0;
  }
  CHECK(hits > repetitions(2000));
}

TEST_CASE("bound keys are those of the clauses and lead to the same results", "[match]") {
  std::mt19937_64 random(seed() + 2);
  std::uint64_t bound_specs = 0;
  for (std::uint64_t round = 0; round < repetitions(5000); ++round) {
    const random_entry entry(random);
    std::vector<clause_tree> trees;
    for (auto n = 1 + random_below(random, 2); n > 0; --n)
      trees.push_back(random_clause(random, entry.key, entry.who, entry.data, entry.shape));
    const auto spec = select_spec::compile(build_all(trees));
    REQUIRE(spec.has_value());
    const auto keys = spec.value().bound_keys();
    if (!keys)
      continue;
    ++bound_specs;
    const auto is_entry_key = [&](const value& key) { return identical(key, entry.key); };
    INFO("round " << round);
    if (spec.value().run(entry.key, entry.who, entry.data))
      REQUIRE(std::count_if(keys->begin(), keys->end(), is_entry_key) == 1);
  }
  CHECK(bound_specs > repetitions(200));
}

TEST_CASE("patterns and expressions survive being written and read", "[match]") {
  std::mt19937_64 random(seed() + 3);
  const value_shape shape{3, 4, {}, true};
  for (std::uint64_t round = 0; round < repetitions(20000); ++round) {
    const auto clause =
        build(random_clause(random, random_value(random, shape), nullptr, random_value(random, shape), shape));
    for (const auto& p : {clause.key, clause.member, clause.value}) {
      const auto text = to_string(p);
      CAPTURE(round, text);
      const auto back = parse_pattern(text);
      REQUIRE(back.has_value());
      CAPTURE(to_string(back.value()));
      REQUIRE(identical(back.value(), p));
    }
    for (const auto& e : clause.body) {
      const auto text = to_string(e);
      CAPTURE(round, text);
      const auto back = parse_expression(text);
      REQUIRE(back.has_value());
      CAPTURE(to_string(back.value()));
      REQUIRE(identical(back.value(), e));
    }
  }
}
