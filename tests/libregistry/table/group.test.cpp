#include <registry/table/group.hpp>

#include <libregistry/table/table_fixture.hpp>
#include <support/allocation.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <random>
#include <ranges>
#include <vector>

using namespace registry;
using testing::make_entry;
using testing::make_member;
using testing::positions;

static_assert(sizeof(group) == sizeof(void*));
static_assert(std::forward_iterator<group::iterator>);
static_assert(std::ranges::forward_range<group>);

TEST_CASE("an empty group has no entries") {
  group g;
  CHECK(g.empty());
  CHECK(g.size() == 0);
  CHECK(g.begin() == g.end());
  CHECK(g.begin() == group::iterator());
  CHECK(g.at_position(1) == nullptr);
  CHECK(g.without(1).empty());
  CHECK(g.replaced(make_entry(1)).empty());
}

TEST_CASE("modifiers return a new group and leave the old one unchanged") {
  auto ann = make_member(1);
  auto bob = make_member(2);
  auto none = group();
  auto one = none.with(make_entry(5, ann, "a"));
  auto two = one.with(make_entry(9, bob, "b"));
  auto changed = two.replaced(make_entry(5, ann, "c"));
  auto left = changed.without(9);
  CHECK(none.empty());
  CHECK(positions(one) == std::vector<std::uint64_t>{5});
  CHECK(positions(two) == std::vector<std::uint64_t>{5, 9});
  CHECK(two[1].who == bob);
  CHECK(identical(two.at_position(5)->data, "a"));
  CHECK(identical(changed.at_position(5)->data, "c"));
  CHECK(identical(changed[1].data, "b"));
  CHECK(positions(left) == std::vector<std::uint64_t>{5});
  CHECK(left.without(5).empty());
}

TEST_CASE("changing a missing entry gives the same group") {
  auto g = group().with(make_entry(5)).with(make_entry(7));
  CHECK(positions(g.without(6)) == positions(g));
  CHECK(positions(g.replaced(make_entry(8))) == positions(g));
  CHECK(g.at_position(6) == nullptr);
  CHECK(g.at_position(8) == nullptr);
}

TEST_CASE("entries are ordered by position, whatever the order of insertion") {
  auto g = group().with(make_entry(5)).with(make_entry(1)).with(make_entry(9)).with(make_entry(3));
  CHECK(positions(g) == std::vector<std::uint64_t>{1, 3, 5, 9});
}

TEST_CASE("a group behaves like a map by position") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  group actual;
  std::map<std::uint64_t, std::int64_t> expected;
  std::vector<std::pair<group, std::map<std::uint64_t, std::int64_t>>> kept;
  auto same = [](const group& g, const std::map<std::uint64_t, std::int64_t>& m) {
    return std::ranges::equal(
        g, m, [](const entry& x, const auto& y) { return x.position == y.first && identical(x.data, value(y.second)); });
  };
  for (int step = 0; step < 6000; ++step) {
    auto growing = (step / 1000) % 2 == 0;
    auto position = random() % 2000;
    auto last = expected.empty() ? 0 : expected.rbegin()->first;
    auto choice = random() % 10;
    if (choice < (growing ? 5U : 1U))
      position = last + 1;
    if (choice < (growing ? 7U : 2U)) {
      auto added = make_entry(position, {}, step);
      if (!expected.emplace(position, step).second)
        continue;
      actual = step % 2 ? std::as_const(actual).with(added) : std::move(actual).with(added);
    } else if (choice < 9) {
      auto at = expected.lower_bound(position);
      position = at == expected.end() ? position : at->first;
      expected.erase(position);
      actual = step % 2 ? std::as_const(actual).without(position) : std::move(actual).without(position);
    } else if (expected.contains(position)) {
      expected[position] = step;
      auto changed = make_entry(position, {}, step);
      actual = step % 2 ? std::as_const(actual).replaced(changed) : std::move(actual).replaced(changed);
    }
    REQUIRE(actual.size() == expected.size());
    auto* found = actual.at_position(position);
    REQUIRE((found != nullptr) == expected.contains(position));
    if (step % 100 == 0) {
      REQUIRE(same(actual, expected));
      kept.emplace_back(actual, expected);
    }
  }
  for (auto& [old, content] : kept)
    REQUIRE(same(old, content));
}

TEST_CASE("a hundred thousand members of one key come and go in any order") {
  constexpr std::size_t count = 100000;
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  auto who = make_member(1);
  auto references = testing::use_count(who);
  {
    group g;
    for (std::size_t i = 0; i < count; ++i)
      g = std::as_const(g).with(make_entry(i, who));
    REQUIRE(g.size() == count);
    CHECK(testing::use_count(who) == references + count);
    std::size_t next = 0;
    for (auto& x : g)
      if (x.position != next++)
        FAIL("a wrong position");
    CHECK(next == count);
    CHECK(g[count / 2].position == count / 2);

    std::vector<std::uint64_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::shuffle(order, random);
    for (auto position : order)
      g = std::as_const(g).without(position);
    CHECK(g.empty());
  }
  CHECK(testing::use_count(who) == references);
}

TEST_CASE("a view stays what it was while the group it came from changes in place") {
  auto g = group().with(make_entry(1)).with(make_entry(2));
  auto view = g;
  g = std::move(g).with(make_entry(3));
  g = std::move(g).without(1);
  CHECK(positions(view) == std::vector<std::uint64_t>{1, 2});
  CHECK(positions(g) == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("an iterator can be copied and used again") {
  group g;
  for (std::uint64_t i = 0; i < 50; ++i)
    g = std::move(g).with(make_entry(i));
  auto it = std::next(g.begin(), 20);
  auto copy = it;
  CHECK(it++->position == 20);
  CHECK(it->position == 21);
  CHECK(copy->position == 20);
  CHECK(std::distance(copy, g.end()) == 30);
  CHECK(std::ranges::count_if(g, [](const entry& x) { return x.position % 2 == 0; }) == 25);
}

TEST_CASE("a group without memory stays as it was") {
  group g;
  for (std::uint64_t i = 0; i < 100; ++i)
    g = std::move(g).with(make_entry(i));
  auto shared = GENERATE(false, true);
  auto other = shared ? g : group();
  bool failed = false;
  {
    testing::scarce_memory scarce(0);
    try {
      auto next = std::move(g).with(make_entry(100));
    } catch (const std::bad_alloc&) {
      failed = true;
    }
  }
  CHECK(failed);
  CHECK(g.size() == 100);
}
