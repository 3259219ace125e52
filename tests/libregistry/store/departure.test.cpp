#include <registry/store/store.hpp>

#include <libregistry/store/store_fixture.hpp>
#include <support/effort.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace registry {

using testing::make_member;
using testing::one;

namespace {

/// The history of a key and of the entries of others.
struct history {
  std::size_t events = 0;
  std::size_t entries = 0;
  std::size_t largest = 0;
};

history history_of(store& s) {
  history out;
  for (const auto& x : s.log().take().events) {
    ++out.events;
    out.entries += x->entries.size();
    out.largest = std::max(out.largest, x->entries.size());
    CHECK(x->what == verb::leave);
  }
  return out;
}

} // namespace

TEST_CASE("a unique key passes from a terminated holder with a large number of entries", "[store]") {
  store_options options;
  options.mode = key_mode::unique;
  const auto ann = make_member(1);
  options.is_alive = [&](const member& who) { return who != ann; };
  store s{options};
  for (int key = 0; key < 5000; ++key)
    REQUIRE(s.join(key, one(ann), {}));
  const auto before = s.log().last_commit();
  for (const auto key : {0, 1, 4999}) {
    REQUIRE(s.join(key, one(make_member(2)), {}));
    CHECK(s.entries().find(key).size() == 1);
  }
  CHECK(s.log().last_commit() - before < 4500); // not all of them at once
}

TEST_CASE("a member with very many entries leaves in steps, and entries that join meanwhile stay", "[store]") {
  store s{store_options{}};
  const auto ann = make_member(1);
  const auto bob = make_member(2);
  for (int key = 0; key < 20'000; ++key)
    REQUIRE(s.join(key % 15'000, one(ann), key));
  for (int i = 0; i < 9'000; ++i)
    REQUIRE(s.join("crowded", one(ann), i));
  REQUIRE(s.join(7, one(bob), "stays"));
  s.log().observe(true);
  store::departure leaving{ann, reason::down};
  int steps = 0;
  for (; !leaving.complete; ++steps) {
    const auto before = s.entries().size();
    s.step(leaving);
    CHECK(before - s.entries().size() < 4096 + 128);
    if (steps % 8 == 0) // the two sides of the index agree between the steps
      CHECK(s.entries().held_by(ann).size() + 1 == s.entries().size());
  }
  CHECK(steps > 30);
  CHECK(leaving.removed == 29'000);
  CHECK(s.entries().held_by(ann).empty());
}

TEST_CASE("an entry that joins while its member leaves stays", "[store]") {
  store s{store_options{}};
  const auto ann = make_member(1);
  for (int key = 0; key < 5'000; ++key)
    REQUIRE(s.join(key, one(ann), "old"));
  store::departure leaving{ann, reason::explicit_request};
  std::vector<value> joined;
  for (int i = 0; !leaving.complete; ++i) {
    s.step(leaving);
    joined.emplace_back("new" + std::to_string(i));
    REQUIRE(s.join(joined.back(), one(ann), "new"));
    REQUIRE(s.join(i, one(ann), "new"));
    joined.emplace_back(i);
  }
  CHECK(leaving.removed == 5'000);
  CHECK(s.entries().held_by(ann).size() == joined.size());
  for (const auto& key : joined) {
    const auto found = s.entries().find(key);
    CHECK(found.size() == 1);
    CHECK(found[0].data == value{"new"});
  }
}

TEST_CASE("a key of very many entries is vacated in steps", "[store]") {
  store s{store_options{}};
  for (int i = 0; i < 10'000; ++i)
    REQUIRE(s.join("k", one(make_member(static_cast<std::uint64_t>(i))), i));
  s.log().observe(true);
  store::vacation leaving{"k"};
  s.step(leaving);
  CHECK(leaving.removed == 512);
  REQUIRE(s.join("k", one(make_member(1)), "new"));
  static_cast<void>(s.log().take());
  while (!leaving.complete)
    s.step(leaving);
  CHECK(leaving.removed == 10'000);
  CHECK(s.entries().find("k").size() == 1);
  const auto seen = history_of(s);
  CHECK(seen.events == 19);
  CHECK(seen.entries == 10'000 - 512);
  CHECK(seen.largest == 512);
}

TEST_CASE("a key of some thousand entries is vacated at once", "[store]") {
  store s{store_options{}};
  for (int i = 0; i < 4096; ++i)
    REQUIRE(s.join("k", one(make_member(static_cast<std::uint64_t>(i))), i));
  s.log().observe(true);
  static_cast<void>(s.log().take());
  CHECK(s.leave_key("k") == 4096);
  CHECK(history_of(s).events == 1);
}

TEST_CASE("some thousand entries of each key leave with their member at once", "[store]") {
  store s{store_options{}};
  const auto ann = make_member(1);
  const auto small = GENERATE(1, 3, 300);
  const auto large = GENERATE(1, 5);
  for (int i = 0; i < 4096 * large; ++i) {
    REQUIRE(s.join("large" + std::to_string(i % large), one(ann), i));
    if (i < small)
      REQUIRE(s.join(i, one(ann), {}));
  }
  s.log().observe(true);
  static_cast<void>(s.log().take());
  store::departure leaving{ann, reason::down};
  while (!leaving.complete) {
    const auto before = s.entries().size();
    s.step(leaving);
    CHECK(before - s.entries().size() < 4096 + 128);
    CHECK(s.entries().held_by(ann).size() == s.entries().size());
  }
  const auto seen = history_of(s);
  CHECK(seen.events == static_cast<std::size_t>(small + large));
  CHECK(seen.largest == 4096);
}

TEST_CASE("a departure in steps removes exactly the entries present at its start, and both indexes agree", "[store]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  std::vector<member> members;
  for (std::uint64_t i = 1; i <= 30; ++i)
    members.push_back(make_member(i));
  const auto any_of = [&](const auto& all) { return all[random() % all.size()]; };
  const std::vector<value> keys{"large", "larger", "small", 1, 2, 3};
  for (std::uint64_t round = 0; round < testing::repetitions(20); ++round) {
    store s{store_options{}};
    for (int i = 0; i < 9'000; ++i)
      REQUIRE(s.join(i < 3'000 ? keys[0] : i < 8'000 ? keys[1] : any_of(keys), one(any_of(members)), i));
    store::vacation vacated{any_of(keys)};
    store::departure departed{any_of(members)};
    store::departure second{any_of(members)};
    while (!vacated.complete || !departed.complete || !second.complete) {
      if (random() % 2 == 0 && !vacated.complete)
        s.step(vacated);
      if (random() % 4 == 0 && !departed.complete)
        s.step(departed);
      if (random() % 4 == 0 && !second.complete)
        s.step(second);
      const auto who = random() % 2 == 0 ? departed.who : any_of(members);
      const auto key = random() % 2 == 0 ? vacated.key : any_of(keys);
      switch (random() % 3) {
      case 0:
        REQUIRE(s.join(key, one(who), "new"));
        break;
      case 1:
        static_cast<void>(s.leave(key, one(who)));
        break;
      default:
        static_cast<void>(s.update(key, who, "changed"));
      }
      static_cast<void>(s.collect());
    }
    std::set<std::pair<std::uint64_t, std::uint64_t>> by_key;
    std::set<std::pair<std::uint64_t, std::uint64_t>> by_member;
    for (const auto& key : keys) {
      for (const auto& x : s.entries().find(key)) {
        CHECK(by_key.emplace(x.who->id(), x.position).second);
        if (x.position < *vacated.end)
          CHECK(key != vacated.key);
        if (x.position < *departed.end)
          CHECK(x.who != departed.who);
        if (x.position < *second.end)
          CHECK(x.who != second.who);
      }
    }
    for (const auto& who : members) {
      for (const auto& x : s.entries().held_by(who))
        CHECK(by_member.emplace(who->id(), x.position).second);
    }
    CHECK(by_key == by_member);
    CHECK(by_key.size() == s.entries().size());
  }
}

} // namespace registry
