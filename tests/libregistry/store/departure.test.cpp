#include <registry/store/store.hpp>

#include <support/fake_member.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace registry {

using testing::make_member;

namespace {

std::vector<member> one(const member& who) {
  return {who};
}

/// What happened to a key and to the entries of others.
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

TEST_CASE("a unique key passes from a terminated holder that held very many", "[store]") {
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

TEST_CASE("a member with very many entries leaves in steps, and what joins meanwhile stays", "[store]") {
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
    CHECK(before - s.entries().size() <= 4096 + 1024);
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
  CHECK(leaving.removed == 1024);
  REQUIRE(s.join("k", one(make_member(1)), "new"));
  static_cast<void>(s.log().take());
  while (!leaving.complete)
    s.step(leaving);
  CHECK(leaving.removed == 10'000);
  CHECK(s.entries().find("k").size() == 1);
  const auto seen = history_of(s);
  CHECK(seen.events == 9);
  CHECK(seen.entries == 10'000 - 1024);
  CHECK(seen.largest == 1024);
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

} // namespace registry
