#include <registry/table/table.hpp>

#include <libregistry/table/table_fixture.hpp>
#include <support/allocation.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <random>
#include <string>
#include <unordered_map>
#include <vector>

using namespace registry;
using testing::make_entry;
using testing::make_member;
using testing::positions;

namespace {

using table_model = std::unordered_map<value, std::vector<std::uint64_t>, strict_hash, strict_equal>;

group group_of(std::initializer_list<std::uint64_t> positions) {
  group result;
  for (auto position : positions)
    result = std::move(result).with(make_entry(position));
  return result;
}

table_model content_of(const table_snapshot& s) {
  table_model result;
  s.for_each([&](const value& key, const group& entries) { result.emplace(key, positions(entries)); });
  return result;
}

std::size_t entries_of(const table_model& m) {
  std::size_t result = 0;
  for (auto& [key, entries] : m)
    result += entries.size();
  return result;
}

} // namespace

TEST_CASE("a new table is empty") {
  table t;
  CHECK(t.size() == 0);
  CHECK(t.key_count() == 0);
  CHECK(t.find("a").empty());
  CHECK(t.find(value(1)).empty());
  CHECK(t.held_by(make_member(1)).empty());
  CHECK(t.uncollected() == 0);
  CHECK(t.collect_now().empty());
  CHECK(content_of(t.snapshot()).empty());
  t.assign("a", group());
  t.remove_member_entries(make_member(1));
  t.renew(make_member(1));
  CHECK_FALSE(t.holds_any(make_member(1)));
  CHECK(t.key_count() == 0);
}

TEST_CASE("assigned keys are found and counted") {
  table t;
  t.assign("a", group_of({1, 2}));
  t.assign(1, group_of({3}));
  t.assign(1.0, group_of({4, 5, 6}));
  CHECK(t.size() == 6);
  CHECK(t.key_count() == 3);
  CHECK(positions(t.find("a")) == std::vector<std::uint64_t>{1, 2});
  CHECK(positions(t.find(std::string("a"))) == std::vector<std::uint64_t>{1, 2});
  CHECK(positions(t.find(std::string_view("a"))) == std::vector<std::uint64_t>{1, 2});
  CHECK(positions(t.find(value("a"))) == std::vector<std::uint64_t>{1, 2});
  CHECK(positions(t.find(value(1))) == std::vector<std::uint64_t>{3});
  CHECK(t.find(value(1.0)).size() == 3);
  CHECK(t.find("b").empty());
  auto view = t.find("a");
  t.assign("a", group_of({7}));
  CHECK(t.size() == 5);
  t.assign(1, group());
  CHECK(t.size() == 4);
  CHECK(t.key_count() == 2);
  CHECK(t.find(value(1)).empty());
  CHECK(positions(view) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("keys of every length and kind are distinguished") {
  table t;
  std::vector<value> keys{nullptr,
                          true,
                          false,
                          0,
                          -1,
                          0.5,
                          "",
                          std::string(14, 'x'),
                          std::string(15, 'x'),
                          std::string(1000, 'x'),
                          list(),
                          list(1, "two"),
                          object("a", 1),
                          make_member(1),
                          make_member(2)};
  for (std::size_t i = 0; i < keys.size(); ++i)
    t.assign(keys[i], group_of({i}));
  CHECK(t.key_count() == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i)
    CHECK(positions(t.find(keys[i])) == std::vector<std::uint64_t>{i});
  CHECK(t.find(std::string(15, 'x')).size() == 1);
}

TEST_CASE("a member's entries are found by its identity") {
  using all = std::vector<std::uint64_t>;
  table t;
  auto ann = make_member(1);
  auto proxy = make_member(1); // the same actor in another object
  CHECK(t.add_member_entry(ann, "a", 1));
  CHECK(t.holds_any(proxy));
  CHECK(t.positions_of(proxy, "a") == all{1});
  CHECK_FALSE(t.holds_any(make_member(1, 2)));
  CHECK_FALSE(t.holds_any(make_member(2)));
  CHECK_FALSE(t.add_member_entry(proxy, "b", 2));
  CHECK_FALSE(t.add_member_entry(ann, "a", 3));
  CHECK(t.count_held_by(ann) == 3);
  CHECK(t.held_by(ann).size() == 3);
  CHECK(t.keys_of(ann).size() == 2);
  CHECK(t.positions_of(ann, "a") == all{1, 3});
  CHECK(t.last_position_of(ann, "a") == 3U);
  CHECK_FALSE(t.last_position_of(ann, "c"));
  CHECK_FALSE(t.remove_member_entry(ann, "a", 3));
  CHECK(t.last_position_of(ann, "a") == 1U);
  CHECK_FALSE(t.remove_member_entry(ann, "b", 2));
  CHECK_FALSE(t.remove_member_entry(ann, "b", 1));
  CHECK(t.remove_member_entry(ann, "a", 1));
  CHECK_FALSE(t.holds_any(ann));
  t.add_member_entry(ann, "a", 4);
  t.add_member_entry(ann, "a", 5);
  t.remove_member_entries(ann);
  CHECK(t.held_by(proxy).empty());
}

TEST_CASE("a table releases members and replaced proxies") {
  auto ann = make_member(1);
  auto proxy = make_member(1);
  auto references = testing::use_count(ann);
  table t;
  t.assign("a", group().with(make_entry(1, ann)));
  t.add_member_entry(ann, "a", 1);
  CHECK(testing::use_count(ann) == references + 2);
  t.assign("a", group().with(make_entry(1, proxy)));
  t.renew(proxy);
  CHECK(t.uncollected() > 0);
  CHECK_FALSE(t.collect_now().empty());
  CHECK(t.uncollected() == 0);
  CHECK(testing::use_count(ann) == references);
  t.assign("a", group());
  t.remove_member_entries(ann);
  CHECK_FALSE(t.collect_now().empty());
  CHECK(testing::use_count(proxy) == references);
}

TEST_CASE("a snapshot stays what it was") {
  table t;
  t.assign("a", group_of({1}));
  t.assign("b", group_of({2, 3}));
  auto s = t.snapshot();
  t.assign("a", group_of({4, 5, 6}));
  t.assign("b", group());
  t.assign("c", group_of({7}));
  CHECK(s.size() == 3);
  CHECK(s.key_count() == 2);
  CHECK(positions(s.find("a")) == std::vector<std::uint64_t>{1});
  CHECK(positions(s.find(value("b"))) == std::vector<std::uint64_t>{2, 3});
  CHECK(s.find("c").empty());
  CHECK(content_of(s) == table_model{{"a", {1}}, {"b", {2, 3}}});
  CHECK(content_of(t.snapshot()) == table_model{{"a", {4, 5, 6}}, {"c", {7}}});

  auto copy = s;
  auto moved = std::move(s);
  CHECK(content_of(copy) == content_of(moved));
  CHECK(table_snapshot().find("a").empty());
  CHECK(content_of(table_snapshot()).empty());
  CHECK(table_snapshot().size() == 0);
}

TEST_CASE("a visit that throws ends and harms nothing") {
  auto ann = make_member(1);
  table t;
  for (int i = 0; i < 100; ++i)
    t.assign(i, group().with(make_entry(1, ann)));
  auto references = testing::use_count(ann);
  auto s = t.snapshot();
  int visits = 0;
  std::vector<group> kept;
  CHECK_THROWS_AS(s.for_each([&](const value&, const group& entries) {
    kept.push_back(entries);
    if (++visits == 10)
      throw std::runtime_error("enough");
  }),
                  std::runtime_error);
  CHECK(visits == 10);
  CHECK(testing::use_count(ann) == references);
  CHECK(kept.back().size() == 1);
  CHECK(content_of(s).size() == 100);
}

TEST_CASE("the parts of a snapshot cover it completely, each key once") {
  for (const std::int64_t keys : {0, 1, 5, 40, 3000, 20000}) {
    CAPTURE(keys);
    table t;
    for (std::int64_t i = 0; i < keys; ++i)
      t.assign(value{i}, group_of({static_cast<std::uint64_t>(i) + 1}));
    const auto all = t.snapshot();
    table_model found;
    for (std::size_t part = 0; part < table_snapshot::parts; ++part) {
      std::size_t of_part = 0;
      all.for_each_in_part(part, [&](const value& key, const group& entries) {
        CHECK(found.emplace(key, positions(entries)).second);
        ++of_part;
      });
      CHECK(of_part <= 60);
    }
    CHECK(found == content_of(all));
  }
}

TEST_CASE("a table behaves like a map, and so do its snapshots later") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  auto ann = make_member(1);
  auto references = testing::use_count(ann);
  {
    std::vector<std::pair<table_snapshot, table_model>> kept;
    table t;
    table_model expected;
    for (std::uint64_t step = 0; step < 30000; ++step) {
      auto growing = (step / 5000) % 2 == 0;
      value key = random() % 2 ? value("key:" + std::to_string(random() % 2000)) : value(random() % 2000);
      auto& entries = expected[key];
      auto now = t.find(key);
      REQUIRE(positions(now) == entries);
      if (entries.empty() || random() % 10 < (growing ? 6U : 2U)) {
        now = now.with(make_entry(step, ann));
        entries.push_back(step);
      } else {
        auto at = random() % entries.size();
        now = now.without(entries[at]);
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
      }
      t.assign(key, now);
      if (entries.empty())
        expected.erase(key);
      auto freed = t.collect();
      if (step % 1000 == 0) {
        REQUIRE(content_of(t.snapshot()) == expected);
        REQUIRE(t.size() == entries_of(expected));
        REQUIRE(t.key_count() == expected.size());
        kept.emplace_back(t.snapshot(), expected);
        if (kept.size() > 10)
          kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(random() % kept.size()));
      }
    }
    for (auto& [old, content_then] : kept) {
      REQUIRE(content_of(old) == content_then);
      REQUIRE(old.size() == entries_of(content_then));
      REQUIRE(old.key_count() == content_then.size());
    }
  }
  CHECK(testing::use_count(ann) == references);
}

TEST_CASE("a table without memory stays as it was") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  table t;
  std::vector<table_snapshot> kept;
  table_model expected;
  std::size_t refusals = 0;
  for (std::uint64_t step = 0; step < 500; ++step) {
    value key = random() % 100;
    auto next = random() % 3 == 0 ? group() : group_of({step, step + 1});
    if (random() % 5 == 0)
      kept.assign(1, t.snapshot());
    std::size_t failures = 0;
    for (bool failed = true; failed; ++failures) {
      failed = false;
      {
        testing::scarce_memory scarce(failures);
        try {
          t.assign(key, next);
        } catch (const std::bad_alloc&) {
          failed = true;
        }
      }
      if (failed) {
        REQUIRE(content_of(t.snapshot()) == expected);
        REQUIRE(t.size() == entries_of(expected));
      }
    }
    refusals += failures - 1;
    expected.erase(key);
    if (!next.empty())
      expected[key] = positions(next);
    auto freed = t.collect();
  }
  CHECK(content_of(t.snapshot()) == expected);
  CHECK(refusals > 250); // about one for each change
}
