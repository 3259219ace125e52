#include <registry/table/holdings.hpp>

#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <unordered_map>
#include <vector>

using namespace registry;

static_assert(sizeof(holdings) == sizeof(void*));
static_assert(std::forward_iterator<holdings::iterator>);

namespace {

using positions = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("empty holdings have no keys") {
  holdings h;
  CHECK(h.empty());
  CHECK(h.size() == 0);
  CHECK(h.begin() == h.end());
  CHECK(h.keys().empty());
  CHECK(h.positions("a").empty());
  CHECK_FALSE(h.last_position("a"));
  CHECK(h.without("a", 1).empty());
}

TEST_CASE("the positions under a key are found in join order") {
  auto h = holdings().with({"a", 7}).with({"b", 1}).with({"a", 3}).with({1, 5}).with({1.0, 6});
  CHECK(h.size() == 5);
  CHECK(h.positions("a") == positions{3, 7});
  CHECK(h.positions("b") == positions{1});
  CHECK(h.positions(1) == positions{5});
  CHECK(h.positions(1.0) == positions{6});
  CHECK(h.positions("c").empty());
  CHECK(h.last_position("a") == 7U);
  CHECK(h.last_position(1) == 5U);
  CHECK_FALSE(h.last_position("c"));
  CHECK(h.keys().size() == 4);
  CHECK(std::distance(h.begin(), h.end()) == 5);
}

TEST_CASE("removing a holding leaves the others and the old view") {
  auto h = holdings().with({"a", 3}).with({"a", 7});
  auto rest = h.without("a", 3);
  CHECK(h.positions("a") == positions{3, 7});
  CHECK(rest.positions("a") == positions{7});
  CHECK(rest.without("a", 3).size() == 1);
  CHECK(rest.without("b", 7).size() == 1);
  CHECK(rest.without("a", 7).empty());
}

TEST_CASE("holdings behave like a map from keys to positions") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::vector<value> keys;
  for (int i = 0; i < 40; ++i)
    keys.push_back(i % 2 ? value(i) : value("key:" + std::to_string(i)));
  holdings actual;
  std::unordered_map<value, std::set<std::uint64_t>, strict_hash, strict_equal> expected;
  std::size_t size = 0;
  for (int step = 0; step < 4000; ++step) {
    auto growing = (step / 800) % 2 == 0;
    auto& key = keys[random() % keys.size()];
    auto position = random() % 30;
    auto& all = expected[key];
    if (random() % 10 < (growing ? 7U : 3U)) {
      if (!all.insert(position).second)
        continue;
      ++size;
      actual = step % 2 ? std::as_const(actual).with({key, position}) : std::move(actual).with({key, position});
    } else {
      size -= all.erase(position);
      actual = step % 2 ? std::as_const(actual).without(key, position) : std::move(actual).without(key, position);
    }
    REQUIRE(actual.size() == size);
    REQUIRE(actual.positions(key) == positions(all.begin(), all.end()));
    REQUIRE(actual.last_position(key) == (all.empty() ? std::nullopt : std::optional(*all.rbegin())));
    if (step % 50 == 0) {
      auto used = std::ranges::count_if(expected, [](auto& x) { return !x.second.empty(); });
      auto found = actual.keys();
      REQUIRE(found.size() == static_cast<std::size_t>(used));
      for (auto& x : found)
        REQUIRE_FALSE(expected[x].empty());
      auto n = std::ranges::count_if(actual, [&](const holding& x) { return expected[x.key].contains(x.position); });
      REQUIRE(static_cast<std::size_t>(n) == size);
    }
  }
}
