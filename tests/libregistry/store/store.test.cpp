#include <registry/store/store.hpp>

#include <libregistry/store/model.hpp>
#include <libregistry/store/store_fixture.hpp>
#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <random>

namespace registry {

namespace {

using testing::make_member;
using testing::make_store;
using testing::one;
using testing::random_below;
using testing::store_model;

/// A store and its model under the same random changes.
class twins {
public:
  twins(key_mode mode, std::uint64_t seed) : model(mode), random_(seed) {
    options_.mode = mode;
    real.emplace(options_);
    real->log().observe(true);
    for (std::uint64_t i = 0; i < 8; ++i)
      members.push_back(make_member(i));
    for (int i = 0; i < 6; ++i)
      keys.push_back(testing::random_value(random_, {.depth = 1, .width = 2, .actors = members, .json = false}));
  }

  void step() {
    const auto& key = keys[random_below(random_, keys.size())];
    const auto& who = members[random_below(random_, members.size())];
    const auto data = testing::random_value(random_, {.depth = 1, .width = 2, .actors = {}, .json = false});
    std::vector<member> several;
    for (auto n = random_below(random_, 4); n > 0; --n)
      several.push_back(members[random_below(random_, members.size())]);
    switch (random_below(random_, 10)) {
    case 0:
    case 1:
    case 2:
      CHECK(real->join(key, one(who), data).has_value() == model.join(key, one(who), data));
      break;
    case 3:
      CHECK(real->join(key, several, data).has_value() == model.join(key, several, data));
      break;
    case 4:
    case 5:
      CHECK(real->leave(key, one(who)).has_value() == model.leave(key, one(who)));
      break;
    case 6:
      CHECK(real->leave(key, several).has_value() == model.leave(key, several));
      break;
    case 7:
    case 8:
      CHECK(real->update(key, who, data).has_value() == model.update(key, who, data));
      break;
    default:
      if (random_below(random_, 2) == 0)
        CHECK(real->leave_key(key) == model.leave_key(key));
      else
        CHECK(real->leave_all(who, reason::down) == model.leave_all(who));
    }
    static_cast<void>(real->collect());
  }

  void compare() const {
    CHECK(real->entries().size() == model.rows().size());
    for (const auto& key : keys) {
      const auto expected = model.of(key);
      const auto found = real->entries().find(key);
      CHECK(
          std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                     [](const entry& a, const store_model::row& b) { return a.who == b.who && identical(a.data, b.data); }));
    }
    for (const auto& who : members)
      CHECK(real->entries().keys_of(who).size() == model.keys(who).size());
  }

  std::optional<store> real;
  store_model model;
  std::vector<member> members;
  std::vector<value> keys;

private:
  store_options options_;
  std::mt19937_64 random_;
};

} // namespace

TEST_CASE("the store behaves like its model", "[store]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  for (const auto mode : {key_mode::duplicate, key_mode::unique}) {
    for (std::uint64_t round = 0; round < 20; ++round) {
      CAPTURE(round);
      twins t{mode, seed + round};
      for (int i = 0; i < 200; ++i) {
        t.step();
        t.compare();
      }
    }
  }
}

TEST_CASE("commits are numbered without gaps and events say what changed", "[store]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  twins t{key_mode::duplicate, seed};
  std::uint64_t last = 0;
  std::ptrdiff_t count = 0;
  for (int i = 0; i < 2000; ++i) {
    t.step();
    for (const auto& x : t.real->log().take().events) {
      CHECK(x->commit == ++last);
      CHECK_FALSE(x->entries.empty());
      const auto n = static_cast<std::ptrdiff_t>(x->entries.size());
      count += x->what == verb::join ? n : (x->what == verb::leave ? -n : 0);
    }
    CHECK(static_cast<std::size_t>(count) == t.real->entries().size());
  }
  CHECK(t.real->log().last_commit() == last);
}

TEST_CASE("nothing is logged as an event while nobody observes", "[store]") {
  auto s = make_store();
  const auto ann = make_member(1);
  REQUIRE(s.join("k", one(ann), {}));
  auto batch = s.log().take();
  CHECK(batch.events.empty());
  CHECK(batch.touched == one(ann));
  CHECK(s.log().last_commit() == 1);
  s.log().observe(true);
  REQUIRE(s.leave("k", one(ann)));
  batch = s.log().take();
  REQUIRE(batch.events.size() == 1);
  CHECK(batch.events[0]->commit == 2);
  CHECK(s.log().empty());
}

TEST_CASE("a member is recorded when it gets its first entry and when it loses its last", "[store]") {
  auto s = make_store();
  const auto ann = make_member(1);
  const auto noted = [&] { return s.log().take().touched == one(ann); };
  REQUIRE(s.join("a", one(ann), {}));
  CHECK(noted());
  REQUIRE(s.join("a", one(ann), {}));
  REQUIRE(s.join("b", one(ann), {}));
  REQUIRE(s.update("b", ann, 1));
  REQUIRE(s.leave("a", one(ann)));
  CHECK(s.log().empty());
  REQUIRE(s.leave("a", one(ann)));
  CHECK(s.log().empty());
  REQUIRE(s.leave("b", one(ann)));
  CHECK(noted());
  REQUIRE(s.join("a", one(ann), {}));
  REQUIRE(s.join("b", one(ann), {}));
  CHECK(noted());
  CHECK(s.leave_all(ann, reason::down) == 2);
  CHECK(noted());
}

TEST_CASE("the log is full when it holds its capacity", "[store]") {
  store_options options;
  options.log_capacity = 2;
  store s{options};
  s.log().observe(true);
  REQUIRE(s.join(1, one(make_member(1)), {}));
  CHECK_FALSE(s.log().full());
  REQUIRE(s.join(2, one(make_member(2)), {}));
  CHECK(s.log().full());
  static_cast<void>(s.log().take());
  CHECK_FALSE(s.log().full());
}

TEST_CASE("a unique key passes from a terminated holder to the next", "[store]") {
  store_options options;
  options.mode = key_mode::unique;
  const auto ann = make_member(1);
  const auto bob = make_member(2);
  options.is_alive = [&](const member& who) { return who != ann; };
  store s{options};
  s.log().observe(true);
  REQUIRE(s.join("other", one(ann), 1));
  REQUIRE(s.join("boss", one(ann), 2));
  REQUIRE(s.join("boss", one(bob), 3));
  CHECK(s.entries().find("boss").size() == 1);
  CHECK(s.entries().held_by(ann).empty());
  CHECK(s.join("boss", one(ann), 4).error().holder() == bob);
  std::vector<verb> verbs;
  for (const auto& x : s.log().take().events)
    verbs.push_back(x->what);
  CHECK(verbs == std::vector<verb>{verb::join, verb::join, verb::leave, verb::leave, verb::join});
}

TEST_CASE("a conditional update fails when the entries are not as expected", "[store]") {
  auto s = make_store();
  const auto ann = make_member(1);
  REQUIRE(s.join("k", std::vector<member>{ann, ann}, 1));
  const auto entries = s.entries().find("k");
  std::vector<store::replacement> changes{{entries[0].position, 1, 10}, {entries[1].position, 1, 20}};
  CHECK_FALSE(s.update_if("k", ann, std::span{changes}.first(1), 0)); // not all of them
  changes[1].expected = 2;
  CHECK_FALSE(s.update_if("k", ann, changes, 0)); // another value
  changes[1].expected = 1;
  CHECK(s.update_if("k", ann, changes, 0));
  CHECK(s.entries().find("k")[1].data == value{20});
  CHECK(s.entries().find("k")[1].id() == entries[1].id());
  CHECK_FALSE(s.update_if("k", ann, changes, 0));
  CHECK_FALSE(s.update_if("k", make_member(2), changes, 0));
}

TEST_CASE("a conditional removal fails when an entry is not as expected", "[store]") {
  auto s = make_store();
  const auto ann = make_member(1);
  REQUIRE(s.join("k", std::vector<member>{ann, make_member(2), ann}, 1));
  const auto entries = s.entries().find("k");
  CHECK_FALSE(s.leave_if("k", ann, std::vector<store::removal>{{entries[0].position, 2}}));
  CHECK_FALSE(s.leave_if("k", ann, std::vector<store::removal>{{entries[1].position, 1}}));
  CHECK_FALSE(s.leave_if("k", ann, std::vector<store::removal>{{entries[0].position, 1}, {999, 1}}));
  CHECK(s.entries().size() == 3);
  CHECK(s.leave_if("k", ann, std::vector<store::removal>{{entries[0].position, 1}}));
  CHECK(s.entries().find("k").size() == 2);
  CHECK(s.entries().count_held_by(ann) == 1);
}

TEST_CASE("a member's exit gives one event per key although hashes may collide", "[store]") {
  auto s = make_store();
  s.log().observe(true);
  const auto ann = make_member(1);
  for (int i = 0; i < 100; ++i)
    REQUIRE(s.join(i % 10, one(ann), i));
  static_cast<void>(s.log().take());
  CHECK(s.leave_all(ann, reason::down) == 100);
  const auto events = s.log().take().events;
  REQUIRE(events.size() == 10);
  for (const auto& x : events) {
    REQUIRE(x->entries.size() == 10);
    CHECK(std::is_sorted(x->entries.begin(), x->entries.end(),
                         [](const event_entry& a, const event_entry& b) { return a.id.number > b.id.number; }));
  }
}

TEST_CASE("a store with 100,000 members on one key loses them one by one", "[store]") {
  auto s = make_store();
  std::vector<member> members;
  for (std::uint64_t i = 0; i < 100'000; ++i)
    members.push_back(make_member(i));
  REQUIRE(s.join("k", members, 1));
  CHECK(s.entries().find("k").size() == 100'000);
  for (const auto& who : members) {
    CHECK(s.leave_all(who, reason::down) == 1);
    static_cast<void>(s.collect());
  }
  CHECK(s.entries().size() == 0);
  CHECK(s.entries().find("k").empty());
}

TEST_CASE("a change that no other node would accept is refused and changes nothing", "[store]") {
  auto s = make_store();
  const auto ann = make_member(1);
  const value large{std::string(store::max_change_bytes / 2, 'x')};
  const std::vector<member> two{ann, make_member(2)};
  CHECK(s.join(list(large, large), one(ann), 1).error() == errc::limit_exceeded);
  CHECK(s.join("k", two, large).error() == errc::limit_exceeded);
  CHECK(s.entries().size() == 0);
  REQUIRE(s.join("k", one(ann), large));
  REQUIRE(s.join("k", one(ann), large));
  CHECK(s.update("k", ann, object("a", large)).error() == errc::limit_exceeded);
  CHECK(identical((*s.entries().find("k").begin()).data, large));
  const std::vector<member> many(1'000'000, ann);
  CHECK(s.join("many", many, 1).error().message().find("join fewer members") != std::string::npos);
}

TEST_CASE("clear leaves no entry and gives no event", "[store]") {
  auto s = make_store();
  s.log().observe(true);
  const auto ann = make_member(1);
  REQUIRE(s.join("a", one(ann), 1));
  REQUIRE(s.join("b", one(ann), 1));
  static_cast<void>(s.log().take());
  const auto before = s.snapshot().entries;
  s.clear();
  CHECK(s.entries().size() == 0);
  CHECK(s.entries().key_count() == 0);
  CHECK(s.entries().find("a").empty());
  CHECK(s.entries().held_by(ann).empty());
  CHECK(s.log().take().events.empty());
  CHECK(before.find("a").size() == 1);
  static_cast<void>(s.collect_now());
  CHECK(s.entries().uncollected() == 0);
}

TEST_CASE("uncollected garbage is bounded in bytes", "[store]") {
  auto s = make_store();
  const auto ann = make_member(1);
  const auto large = [](char x) { return value{std::string(std::size_t{600} << 10, x)}; };
  REQUIRE(s.join("k", one(ann), large('a')));
  std::size_t most = 0;
  const auto collect = [&] {
    static_cast<void>(s.collect());
    most = std::max(most, s.entries().uncollected());
  };
  for (int i = 0; i < 50; ++i) {
    REQUIRE(s.update("k", ann, large('b')));
    collect();
    const auto now = s.entries().find("k");
    const std::vector<store::replacement> changes{{now[0].position, now[0].data, large('c')}};
    REQUIRE(s.update_if("k", ann, changes, std::size_t{600} << 10));
    collect();
    REQUIRE(s.join("k", one(ann), large('d')));
    REQUIRE(s.leave("k", one(ann)));
    collect();
  }
  CHECK(most < 10);
}

TEST_CASE("the log of changes is bounded in bytes", "[store]") {
  auto s = make_store();
  s.log().observe(true);
  const auto ann = make_member(1);
  const value large{std::string(std::size_t{20} << 20, 'x')};
  REQUIRE(s.join("k", one(ann), 1));
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(s.log().full());
    REQUIRE(s.update("k", ann, large));
  }
  CHECK_FALSE(s.log().full());
  remote_change far{1, verb::join, reason::explicit_request, "k", {{1, make_member(2, 2), large}}};
  REQUIRE(s.apply(1, std::vector{far}));
  CHECK(s.log().full());
  static_cast<void>(s.log().take());
  CHECK_FALSE(s.log().full());
  for (int i = 0; i < 20; ++i) { // only entries that were there leave
    REQUIRE(s.join("l", one(ann), large));
    static_cast<void>(s.log().take());
    REQUIRE(s.leave("l", one(ann)));
    CHECK_FALSE(s.log().full());
  }
}

} // namespace registry
