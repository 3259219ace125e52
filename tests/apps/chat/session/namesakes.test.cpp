#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <chat/session/namesakes.hpp>
#include <chat/session/narration.hpp>
#include <chat/world/person.hpp>

#include <support/catch.hpp>

#include <map>
#include <random>

using namespace chat;
using registry::testing::make_member;

namespace {

using lines = std::vector<std::string>;

registry::value user(const std::string& nick, std::int64_t since) {
  person who{nick, "u" + std::to_string(since), "h", "Real", "a.server", "", {}, {}, {}, {}};
  who.since = since;
  return registry::to_value(who);
}

/// What a client is told, whose own name is "me".
struct watcher {
  watcher() { namesakes.own_name("me"); }

  lines take(sighting::kind what, std::uint64_t who, registry::value data, std::size_t slot = 0) {
    auto before = std::exchange(known[who], data);
    if (what != sighting::kind::renamed)
      before = data;
    return narrated(namesakes.filter({{what, slot, data, before, registry::reason::explicit_request, make_member(who)}}));
  }
  lines joins(std::uint64_t who, const registry::value& data, std::size_t slot = 0) {
    return take(sighting::kind::joined, who, data, slot);
  }
  lines renames(std::uint64_t who, const registry::value& data) { return take(sighting::kind::renamed, who, data); }
  lines parts(std::uint64_t who, std::size_t slot = 0) { return take(sighting::kind::parted, who, known[who], slot); }
  lines quits(std::uint64_t who) { return take(sighting::kind::quit, who, known[who]); }
  lines narrated(const std::vector<sighting>& told) {
    lines result;
    for (const auto& each : told)
      result.push_back(narrate(each, "#" + std::to_string(each.slot), "my.server"));
    return result;
  }

  chat::namesakes namesakes;
  std::map<std::uint64_t, registry::value> known;
};

} // namespace

TEST_CASE("users of different names are told of as they come") {
  watcher a;
  CHECK(a.joins(2, user("ann", 1)) == lines{":ann!u1@h JOIN #0"});
  CHECK(a.joins(2, user("ann", 1), 1) == lines{":ann!u1@h JOIN #1"});
  CHECK(a.renames(2, user("anna", 2)) == lines{":ann!u1@h NICK anna"});
  CHECK(a.parts(2) == lines{":anna!u2@h PART #0"});
  CHECK(a.quits(2) == lines{":anna!u2@h QUIT :Connection lost"});
  CHECK_FALSE(a.namesakes.shows(make_member(2)));
}

TEST_CASE("a later user of a name is seen when the earlier one has gone") {
  watcher a;
  a.joins(2, user("ann", 1));
  CHECK(a.joins(3, user("Ann", 2)).empty());
  CHECK(a.joins(3, user("Ann", 2), 1).empty());
  CHECK(a.quits(2) == lines{":ann!u1@h QUIT :Connection lost", ":Ann!u2@h JOIN #0", ":Ann!u2@h JOIN #1"});
  CHECK(a.quits(3) == lines{":Ann!u2@h QUIT :Connection lost"});
}

TEST_CASE("an earlier user of a name takes the place of the later one") {
  watcher a;
  a.joins(3, user("ann", 2));
  CHECK(a.joins(2, user("ann", 1)) == lines{":ann!u2@h QUIT :Nick collision", ":ann!u1@h JOIN #0"});
  CHECK(a.quits(3).empty());
  CHECK(a.namesakes.shows(make_member(2)));
}

TEST_CASE("of two users who took a name at the same time the lesser member is seen") {
  watcher a;
  a.joins(2, user("ann", 1));
  a.joins(3, user("ann", 1));
  watcher b;
  b.joins(3, user("ann", 1));
  b.joins(2, user("ann", 1));
  CHECK(a.namesakes.shows(make_member(2)) == b.namesakes.shows(make_member(2)));
  CHECK(a.namesakes.shows(make_member(2)) != a.namesakes.shows(make_member(3)));
}

TEST_CASE("a user who takes the name of another by renaming quits or lets the other quit") {
  watcher a;
  a.joins(2, user("ann", 1));
  a.joins(3, user("bob", 1));
  SECTION("the later one") {
    CHECK(a.renames(3, user("ann", 5)) == lines{":bob!u1@h QUIT :Nick collision"});
    CHECK(a.renames(3, user("rob", 6)) == lines{":rob!u6@h JOIN #0"});
  }
  SECTION("the earlier one") {
    CHECK(a.renames(3, user("ann", 0)) == lines{":ann!u1@h QUIT :Nick collision", ":bob!u1@h NICK ann"});
    CHECK(a.renames(2, user("anna", 6)) == lines{":anna!u6@h JOIN #0"});
  }
  SECTION("to one that somebody waits for") {
    a.joins(4, user("bob", 7));
    CHECK(a.renames(3, user("rob", 8)) == lines{":bob!u1@h NICK rob", ":bob!u7@h JOIN #0"});
  }
}

TEST_CASE("nobody is seen under the client's own name") {
  watcher a;
  CHECK(a.joins(2, user("ME", 1)).empty());
  CHECK(a.narrated(a.namesakes.own_name("other")) == lines{":ME!u1@h JOIN #0"});
  CHECK(a.narrated(a.namesakes.own_name("me")) == lines{":ME!u1@h QUIT :Nick collision"});
}

TEST_CASE("a user who waits for a name comes in when its holder is no longer in sight") {
  watcher a;
  a.joins(2, user("ann", 1));
  a.joins(3, user("ann", 2));
  a.joins(3, user("ann", 2), 1);
  CHECK(a.narrated(a.namesakes.leave(0)) == lines{":ann!u2@h JOIN #1"});
  watcher b;
  CHECK(b.narrated(b.namesakes.enter(0, make_member(3), user("ann", 2))).empty());
  CHECK(b.narrated(b.namesakes.enter(0, make_member(2), user("ann", 1))) == lines{":ann!u2@h QUIT :Nick collision"});
  CHECK(b.namesakes.shows(make_member(2)));
  CHECK_FALSE(b.namesakes.shows(make_member(3)));
}

TEST_CASE("whatever happens, a client sees the best holder of each name and nobody twice") {
  auto seed = registry::testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 200; ++round) {
    watcher a;
    std::map<std::uint64_t, std::pair<std::string, std::int64_t>> present;
    std::int64_t clock = 0;
    for (int step = 0; step < 60; ++step) {
      auto who = 2 + random() % 6;
      auto nick = "n" + std::to_string(random() % 3);

      if (!present.contains(who)) {
        present[who] = {nick, ++clock};
        a.joins(who, user(nick, clock));
      } else if (random() % 2 == 0) {
        if (present[who].first == nick)
          continue;
        present[who] = {nick, ++clock};
        a.renames(who, user(nick, clock));
      } else {
        a.quits(who);
        present.erase(who);
      }
      std::map<std::string, std::pair<std::int64_t, std::uint64_t>> best;
      for (const auto& [each, name] : present) {
        auto candidate = std::pair{name.second, each};
        if (!best.contains(name.first) || candidate < best[name.first])
          best[name.first] = candidate;
      }
      for (const auto& [each, name] : present) {
        CAPTURE(round, step, each);
        REQUIRE(a.namesakes.shows(make_member(each)) == (best[name.first].second == each));
      }
    }
  }
}
