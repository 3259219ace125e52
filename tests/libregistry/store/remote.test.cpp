#include <registry/store/store.hpp>

#include <libregistry/store/remote_content.hpp>
#include <libregistry/store/store_fixture.hpp>
#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <map>
#include <random>

namespace registry {

namespace {

using testing::digest_of;
using testing::fold;
using testing::groups_of;
using testing::held_of;
using testing::install;
using testing::make_member;
using testing::make_store;
using testing::owned;
using testing::random_below;
using testing::same;
using content = testing::remote_content;

remote_change change(verb what, const value& key, std::vector<remote_entry> entries) {
  return {0, what, reason::explicit_request, key, std::move(entries)};
}

std::vector<event_ptr> events_of(store& s) {
  return s.log().take().events;
}

} // namespace

TEST_CASE("a remote join, update and leave each give one event with the owner's reason", "[store][remote]") {
  auto s = make_store();
  s.log().observe(true);
  const auto a = make_member(1, 2), b = make_member(2, 2);
  std::vector<remote_change> changes{change(verb::join, "k", {{1, a, 10}, {2, b, 20}}),
                                     change(verb::update, "k", {{2, {}, 21}}), change(verb::leave, "k", {{1, {}, {}}})};
  changes[2].why = reason::down;
  REQUIRE(s.apply(3, changes));
  const auto events = events_of(s);
  REQUIRE(events.size() == 3);
  CHECK(events[0]->what == verb::join);
  CHECK(events[0]->entries.size() == 2);
  CHECK(events[0]->entries[0].id == entry_id{3, 1});
  CHECK(events[1]->what == verb::update);
  CHECK(identical(events[1]->entries[0].previous, 20));
  CHECK(identical(events[1]->entries[0].data, 21));
  CHECK(events[2]->why == reason::down);
  CHECK(events[2]->entries[0].who == a);
  CHECK(s.entries().held_by(a).empty());
  CHECK(s.entries().count_held_by(b) == 1);
  CHECK(s.digest_of(3).count == 1);
}

TEST_CASE("an inconsistent remote change is refused and changes nothing", "[store][remote]") {
  auto s = make_store();
  s.log().observe(true);
  const auto a = make_member(1, 2);
  const std::vector<remote_change> first{change(verb::join, "k", {{1, a, 10}})};
  REQUIRE(s.apply(1, first));
  const auto before = s.log().last_commit();
  for (const auto& bad : {change(verb::join, "k", {{1, a, 10}}), change(verb::join, "k", {{2, a, 1}, {2, a, 1}}),
                          change(verb::join, "k", {{2, {}, 1}}), change(verb::leave, "k", {{2, {}, {}}}),
                          change(verb::leave, "other", {{1, {}, {}}}), change(verb::update, "k", {{9, {}, 1}}),
                          change(verb::leave, "k", {{1, {}, {}}, {1, {}, {}}}), change(verb::leave, "k", {})}) {
    const std::vector<remote_change> one{bad};
    const auto outcome = s.apply(1, one);
    REQUIRE(!outcome);
    CHECK(outcome.error() == errc::malformed);
  }
  CHECK(s.log().last_commit() == before);
  CHECK(s.entries().size() == 1);
}

TEST_CASE("local operations do not touch the entries of other nodes", "[store][remote]") {
  auto s = make_store();
  const auto both = make_member(1);
  const std::vector<remote_change> remote{change(verb::join, "k", {{1, both, 1}}), change(verb::join, "r", {{2, both, 1}})};
  const std::vector<member> who{both};
  REQUIRE(s.join("k", who, 5));
  REQUIRE(s.apply(1, remote));
  CHECK(s.update("r", both, 9).error() == errc::not_joined);
  CHECK(s.leave("r", who).error() == errc::not_joined);
  CHECK(s.leave_key("r") == 0);
  REQUIRE(s.update("k", both, 6));
  REQUIRE(s.leave("k", who)); // the local one, though the remote one is later
  CHECK(s.leave("k", who).error() == errc::not_joined);
  REQUIRE(s.join("k", who, 5));
  CHECK(s.leave_all(both, reason::down) == 1);
  CHECK(s.leave_all(both, reason::down) == 0);
  CHECK(s.entries().count_held_by(both) == 2);
  CHECK(s.digest_of(1).count == 2);
  CHECK(identical(s.entries().find("k")[0].data, 1));
}

TEST_CASE("a unique key that a remote member holds is free here", "[store][remote]") {
  auto s = make_store(key_mode::unique);
  const auto far = make_member(1, 2), near = make_member(1, 1);
  const std::vector<remote_change> remote{change(verb::join, "k", {{1, far, 1}})};
  REQUIRE(s.apply(1, remote));
  CHECK(s.join("k", std::vector<member>{near}, 1));
  CHECK(s.entries().find("k").size() == 2);
}

TEST_CASE("a purge gives one leave event per key and leaves the others alone", "[store][remote]") {
  auto s = make_store();
  s.log().observe(true);
  const auto a = make_member(1, 2);
  const std::vector<remote_change> remote{change(verb::join, "k", {{1, a, 1}, {2, a, 1}}),
                                          change(verb::join, "l", {{3, a, 1}})};
  REQUIRE(s.apply(1, remote));
  REQUIRE(s.apply(2, remote));
  static_cast<void>(events_of(s));
  CHECK(s.purge(1, reason::node_down) == 3);
  const auto events = events_of(s);
  CHECK(events.size() == 2);
  for (const auto& x : events)
    CHECK((x->what == verb::leave && x->why == reason::node_down && x->entries[0].id.origin == 1));
  CHECK(s.purge(1, reason::node_down) == 0);
  CHECK(s.entries().size() == 3);
  CHECK(s.entries().count_held_by(a) == 3);
  CHECK(s.digest_of(1) == content_digest{});
  CHECK(s.purge(2, reason::node_down) == 3);
  CHECK(s.entries().held_by(a).empty());
}

TEST_CASE("bulk changes of other nodes take exact steps, and other changes can come in between", "[store][remote]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  auto s = make_store();
  const auto here = make_member(1, 1);
  REQUIRE(s.join("crowded", std::vector<member>{here}, 0));
  s.log().observe(true);
  content now; // according to the events
  content wanted;
  std::vector<remote_group> groups;
  std::uint64_t steps = 0;
  const auto look = [&](bool more) {
    for (const auto& x : events_of(s)) {
      CHECK(x->entries.size() <= 4096);
      if (x->entries.front().id.origin == 1)
        fold(now, x);
    }
    if (++steps % 16 == 0 || !more)
      CHECK(same(now, held_of(s, 1)));
    const value key = "own" + std::to_string(steps % 8);
    REQUIRE(s.join(key, std::vector<member>{here}, 1));
    REQUIRE(s.leave(key, std::vector<member>{here}));
    static_cast<void>(events_of(s));
    static_cast<void>(s.collect());
  };
  for (int round = 0; round < 3; ++round) {
    // A third of the content changes, a third is removed or new.
    for (std::uint64_t number = 1; number <= 12'000; ++number) {
      const auto key = number % 2 == 0 ? value{"crowded"} : value{static_cast<std::int64_t>(number % 4'000)};
      const auto dice = random_below(random, 3);
      if (round == 0 || (dice == 0 && wanted.contains(number)))
        wanted[number] = {wanted.contains(number) ? wanted[number].key : key, make_member(1 + number % 50, 2), round};
      else if (dice == 1)
        wanted.erase(number);
    }
    groups = groups_of(wanted);
    const auto installing = s.begin_install(1, groups, digest_of(wanted));
    for (auto next = s.prepare(*installing); next != store::stage::complete; next = s.prepare(*installing)) {
      if (next == store::stage::ready) {
        s.step(*installing);
        look(true);
      }
    }
    look(false);
    CHECK(same(held_of(s, 1), wanted));
    CHECK(s.digest_of(1) == digest_of(wanted));
  }
  steps = 0;
  const auto leaving = s.begin_purge(1, reason::node_down);
  for (auto next = s.prepare(*leaving); next != store::stage::complete; next = s.prepare(*leaving)) {
    if (next == store::stage::ready) {
      s.step(*leaving);
      look(true);
    }
  }
  look(false);
  CHECK(steps > 4);
  CHECK(now.empty());
  CHECK(s.entries().size() == 1);
  CHECK(s.digest_of(1) == content_digest{});
  for (std::uint64_t id = 1; id <= 50; ++id)
    CHECK(s.entries().held_by(make_member(id, 2)).empty());
  CHECK(steps > 15);
}

TEST_CASE("a purge reports the latest entry under a key first", "[store][remote]") {
  auto s = make_store();
  s.log().observe(true);
  const auto a = make_member(1, 2), b = make_member(2, 2), here = make_member(3, 1);
  REQUIRE(s.join("k", std::vector<member>{here}, 0));
  const std::vector<remote_change> remote{change(verb::join, "k", {{1, a, 1}}), change(verb::join, "l", {{2, a, 2}}),
                                          change(verb::join, "k", {{3, b, 3}, {4, a, 4}})};
  REQUIRE(s.apply(1, remote));
  static_cast<void>(events_of(s));
  CHECK(s.purge(1, reason::node_down) == 4);
  std::map<std::string, std::vector<std::uint64_t>> left;
  for (const auto& x : events_of(s)) {
    for (const auto& one : x->entries)
      left[to_string(x->key)].push_back(one.id.number);
  }
  CHECK(left == std::map<std::string, std::vector<std::uint64_t>>{{"\"k\"", {4, 3, 1}}, {"\"l\"", {2}}});
  CHECK(s.entries().find("k").size() == 1);
}

TEST_CASE("installing the same content gives no event but takes the new handles", "[store][remote]") {
  auto s = make_store();
  s.log().observe(true);
  const auto old = make_member(1, 2);
  install(s, 1, {{"k", {{1, old, 1}}}});
  static_cast<void>(events_of(s));
  const auto renewed = make_member(1, 2);
  install(s, 1, {{"k", {{1, renewed, 1}}}});
  CHECK(events_of(s).empty());
  CHECK(s.entries().find("k")[0].who.get() == renewed.get());
  CHECK(s.entries().count_held_by(old) == 1);
}

TEST_CASE("installing any content gives exactly the difference, one event per key and verb", "[store][remote]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 30; ++round) {
    auto s = make_store();
    s.log().observe(true);
    content folded;
    for (int step = 0; step < 10; ++step) {
      content next = step % 2 == 0 ? content{} : folded;
      for (auto n = random_below(random, 20); n > 0; --n)
        next[1 + random_below(random, 30)] = {value{random_below(random, 4)}, make_member(random_below(random, 4), 2),
                                              value{random_below(random, 3)}};
      install(s, 1, groups_of(next));
      std::map<std::pair<std::int64_t, verb>, int> seen;
      for (const auto& x : events_of(s)) {
        CHECK(x->why == reason::resync);
        CHECK(++seen[std::make_pair(*x->key.as_integer(), x->what)] == 1);
        for (const auto& one : x->entries) {
          if (x->what == verb::update)
            CHECK(identical(folded.at(one.id.number).data, one.previous));
        }
        fold(folded, x);
      }
      REQUIRE(same(folded, next));
      REQUIRE(same(held_of(s, 1), next));
      REQUIRE(s.digest_of(1) == digest_of(next));
      static_cast<void>(s.collect());
    }
  }
}

TEST_CASE("a purge leaves exactly the entries of others, whatever their share of the keys and members", "[store][remote]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 40; ++round) {
    auto s = make_store();
    s.log().observe(true);
    const auto keys = 1 + random_below(random, round % 2 == 0 ? 20 : 3000);
    const auto actors = 1 + random_below(random, 200);
    std::map<entry_id, owned> expected;
    const auto join = [&](std::uint32_t origin, std::uint64_t number) {
      const owned x{value{random_below(random, keys)}, make_member(random_below(random, actors), 2), value{number}};
      const std::vector<remote_change> one{change(verb::join, x.key, {{number, x.who, x.data}})};
      REQUIRE(s.apply(origin, one));
      expected[{origin, number}] = x;
    };
    for (auto n = random_below(random, 3000); n > 0; --n)
      join(static_cast<std::uint32_t>(1 + random_below(random, 3)), n);
    static_cast<void>(events_of(s));
    const auto before = s.snapshot().entries;
    const auto all = expected.size();
    const auto gone = std::erase_if(expected, [](const auto& x) { return x.first.origin == 2; });
    CHECK(s.purge(2, reason::node_down) == gone);
    std::size_t told = 0;
    std::map<std::string, int> events_of_key;
    for (const auto& x : events_of(s)) {
      told += x->entries.size();
      CHECK(++events_of_key[to_string(x->key)] == 1);
      // Joined in descending order of numbers, so that the latest is the least.
      CHECK(std::is_sorted(x->entries.begin(), x->entries.end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
    }
    CHECK(told == gone);
    CHECK(before.size() == all);
    REQUIRE(s.entries().size() == expected.size());
    std::size_t found = 0;
    s.snapshot().entries.for_each([&](const value& key, const group& entries) {
      for (const auto& one : entries) {
        const auto& x = expected.at(one.id());
        CHECK((identical(x.key, key) && same_member(x.who, one.who) && identical(x.data, one.data)));
        const auto positions = s.entries().positions_of(one.who, key);
        CHECK(std::count(positions.begin(), positions.end(), one.position) == 1);
        ++found;
      }
    });
    CHECK(found == expected.size());
    for (std::uint64_t id = 0; id < actors; ++id) {
      std::size_t owns = 0;
      for (const auto& [name, x] : expected)
        owns += x.who->id() == id ? 1 : 0;
      CHECK(s.entries().held_by(make_member(id, 2)).size() == owns);
    }
    static_cast<void>(s.collect_now());
  }
}

TEST_CASE("changes of other nodes are numbered without an event while nobody observes", "[store][remote]") {
  auto s = make_store();
  const auto here = make_member(1), far = make_member(1, 2);
  s.log().observe(true, false);
  const std::vector<remote_change> remote{change(verb::join, "k", {{1, far, 1}}), change(verb::update, "k", {{1, {}, 2}}),
                                          change(verb::leave, "k", {{1, {}, {}}}), change(verb::join, "k", {{2, far, 1}})};
  REQUIRE(s.apply(1, remote));
  REQUIRE(s.join("k", std::vector<member>{here}, 5));
  s.purge(1, reason::node_down);
  auto batch = s.log().take();
  CHECK(batch.previous == 0);
  CHECK(batch.last == 6);
  CHECK(batch.complete);
  REQUIRE(batch.events.size() == 1);
  CHECK(batch.events[0]->commit == 5);
  // From now on somebody observes.
  s.log().observe(true);
  REQUIRE(s.apply(2, std::vector<remote_change>{change(verb::join, "k", {{1, far, 1}})}));
  batch = s.log().take();
  CHECK(batch.previous == 6);
  REQUIRE(batch.events.size() == 1);
  CHECK(batch.events[0]->commit == 7);
  // Local changes that were not kept are known to be missing.
  s.log().observe(false);
  REQUIRE(s.join("k", std::vector<member>{here}, 5));
  CHECK_FALSE(s.log().take().complete);
  CHECK(s.log().take().complete);
}

TEST_CASE("an entry that is installed twice is stored once, and the digest shows it", "[store][remote]") {
  auto s = make_store();
  const auto a = make_member(1, 2), b = make_member(2, 2);
  install(s, 1, {{"k", {{1, a, 1}, {2, b, 2}}}, {"l", {{1, a, 1}}}});
  CHECK(s.entries().size() == 2);
  CHECK(s.entries().find("l").empty());
  CHECK(s.digest_of(1) == digest_of({{1, {"k", a, 1}}, {2, {"k", b, 2}}}));
}

} // namespace registry
