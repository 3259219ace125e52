#include <apps/chat/support/client_view.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <chat/session/narration.hpp>
#include <chat/session/roster.hpp>
#include <chat/world/person.hpp>

#include <support/catch.hpp>

#include <map>
#include <random>

using namespace chat;
using registry::reason;
using registry::verb;
using registry::testing::make_member;

namespace {

using lines = std::vector<std::string>;

constexpr std::uint64_t me = 1;

registry::value user(std::string nick) {
  return registry::to_value(person{std::move(nick), "u", "h", "Real", "other.server", "", {}, {}, {}, {}});
}

registry::value quitting(std::string nick, std::string text) {
  return registry::to_value(person{std::move(nick), "u", "h", "Real", "other.server", "", {}, {}, {}, std::move(text)});
}

registry::value parting(std::string nick, std::string text) {
  return registry::to_value(person{std::move(nick), "u", "h", "Real", "other.server", "", {}, {}, std::move(text), {}});
}

std::uint64_t last_commit = 0;

registry::event happening(verb what, std::uint64_t who, const registry::value& data, reason why = reason::explicit_request) {
  registry::event result;
  result.commit = ++last_commit;
  result.what = what;
  result.why = why;
  result.entries.push_back({{0, who}, make_member(who), data, {}});
  return result;
}

registry::group entries(const std::map<std::uint64_t, registry::value>& members) {
  registry::group result;
  for (const auto& [who, data] : members)
    result = std::move(result).with({make_member(who), data, who, who, 0});
  return result;
}

/// A roster, and what a client is told because of it.
struct roster_watcher {
  bool everybody_is_here = true;
  chat::roster roster{make_member(me), [this](const registry::member&) { return everybody_is_here; }};

  lines narrated(const std::vector<sighting>& told) {
    lines result;
    for (const auto& each : told)
      result.push_back(narrate(each, "#" + std::to_string(each.slot), "my.server"));
    return result;
  }
  lines enters(std::size_t slot, const registry::group& entries) {
    return narrated(roster.enter(slot, entries, last_commit));
  }
  lines sees(std::size_t slot, const registry::event& what) { return narrated(roster.apply(slot, what)); }
};

} // namespace

TEST_CASE("coming and going in one channel is told as it happens") {
  roster_watcher a;
  CHECK(a.enters(0, {}).empty());
  CHECK(a.sees(0, happening(verb::join, 2, user("ann"))) == lines{":ann!u@h JOIN #0"});
  CHECK(a.sees(0, happening(verb::leave, 2, user("ann"))) == lines{":ann!u@h PART #0"});
  CHECK(a.sees(0, happening(verb::join, 2, user("ann"))) == lines{":ann!u@h JOIN #0"});
  CHECK(a.sees(0, happening(verb::update, 2, parting("ann", "later"))).empty());
  CHECK(a.sees(0, happening(verb::leave, 2, parting("ann", "later"))) == lines{":ann!u@h PART #0 :later"});
}

TEST_CASE("members at the beginning are known without an event") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{me, user("me")}, {2, user("ann")}})).empty());
  REQUIRE(a.roster.others(0).size() == 1);
  CHECK(text_in(a.roster.others(0)[0], "nick") == "ann");
  CHECK(a.roster.find(0, make_member(2)) != nullptr);
  CHECK(a.roster.find(1, make_member(2)) == nullptr);
  CHECK(a.roster.find(0, make_member(me)) == nullptr);
}

TEST_CASE("a user seen in two channels quits once") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}})).empty());
  CHECK(a.enters(1, entries({{2, user("ann")}})).empty());
  CHECK(a.sees(0, happening(verb::update, 2, quitting("ann", "Quit: bye"))).empty());
  CHECK(a.sees(0, happening(verb::leave, 2, quitting("ann", "Quit: bye"))) == lines{":ann!u@h QUIT :Quit: bye"});
  CHECK(a.roster.others(1).empty());
  CHECK(a.sees(1, happening(verb::leave, 2, quitting("ann", "Quit: bye"))).empty());
}

TEST_CASE("a user seen in two channels is renamed once") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}})).empty());
  CHECK(a.enters(1, entries({{2, user("ann")}})).empty());
  CHECK(a.sees(1, happening(verb::update, 2, user("anna"))) == lines{":ann!u@h NICK anna"});
  CHECK(a.sees(0, happening(verb::update, 2, user("anna"))).empty());
  CHECK(a.sees(0, happening(verb::update, 2, user("ann"))) == lines{":anna!u@h NICK ann"});
}

TEST_CASE("a user that is known under an old name is renamed before it comes into another channel") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}})).empty());
  CHECK(a.enters(1, {}).empty());
  CHECK(a.sees(1, happening(verb::join, 2, user("anna"))) == lines{":ann!u@h NICK anna", ":anna!u@h JOIN #1"});
  CHECK(a.sees(0, happening(verb::update, 2, user("anna"))).empty());
}

TEST_CASE("a new name that is yet to be told in one channel is told before another is entered") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}})).empty());
  auto first = happening(verb::update, 2, user("anna"));
  auto second = happening(verb::update, 2, user("annie"));
  CHECK(a.enters(1, entries({{2, user("annie")}})) == lines{":ann!u@h NICK annie"});
  CHECK(a.sees(0, first).empty());
  CHECK(a.sees(0, second).empty());
  CHECK(a.sees(1, happening(verb::update, 2, user("ann"))) == lines{":annie!u@h NICK ann"});
}

TEST_CASE("a user that has quit is not shown in a channel it is about to leave") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}})).empty());
  CHECK(a.sees(0, happening(verb::leave, 2, quitting("ann", "bye"))).size() == 1);
  CHECK(a.enters(1, entries({{2, quitting("ann", "bye")}, {3, user("bob")}})).empty());
  REQUIRE(a.roster.others(1).size() == 2); // nothing is known of ann any more
  roster_watcher b;
  CHECK(b.enters(0, entries({{2, user("ann")}})).empty());
  CHECK(b.enters(2, entries({{2, user("ann")}})).empty());
  CHECK(b.sees(0, happening(verb::leave, 2, quitting("ann", "bye"))).size() == 1);
  CHECK(b.enters(1, entries({{2, quitting("ann", "bye")}, {3, user("bob")}})).empty());
  CHECK(b.roster.others(1).size() == 1);
  CHECK(b.sees(2, happening(verb::leave, 2, quitting("ann", "bye"))).empty());
  CHECK(b.sees(1, happening(verb::leave, 2, quitting("ann", "bye"))).empty());
}

TEST_CASE("users without a farewell quit for the reason that is known") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}, {3, user("bob")}, {4, user("cleo")}})).empty());
  CHECK(a.sees(0, happening(verb::leave, 2, user("ann"), reason::down)) == lines{":ann!u@h QUIT :Connection lost"});
  CHECK(a.sees(0, happening(verb::leave, 3, user("bob"), reason::node_down)) ==
        lines{":bob!u@h QUIT :my.server other.server"});
  CHECK(a.sees(0, happening(verb::leave, 4, user("cleo"), reason::drained)) ==
        lines{":cleo!u@h QUIT :Server shutting down"});
}

TEST_CASE("a user whose node was lost comes back") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}})).empty());
  CHECK(a.enters(1, entries({{2, user("ann")}})).empty());
  CHECK(a.sees(0, happening(verb::leave, 2, user("ann"), reason::node_down)).size() == 1);
  CHECK(a.sees(1, happening(verb::leave, 2, user("ann"), reason::node_down)).empty());
  CHECK(a.sees(0, happening(verb::join, 2, user("ann"), reason::resync)) == lines{":ann!u@h JOIN #0"});
  CHECK(a.sees(1, happening(verb::join, 2, user("ann"), reason::resync)) == lines{":ann!u@h JOIN #1"});
}

TEST_CASE("after a resync users of no server have quit and others have left") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}, {3, user("bob")}})).empty());
  CHECK(a.sees(0, happening(verb::leave, 2, user("ann"), reason::resync)) == lines{":ann!u@h PART #0"});
  a.everybody_is_here = false;
  CHECK(a.sees(0, happening(verb::leave, 3, user("bob"), reason::resync)) == lines{":bob!u@h QUIT :Connection lost"});
}

TEST_CASE("the client's own entry is its own business unless another actor removes it") {
  roster_watcher a;
  CHECK(a.enters(0, {}).empty());
  CHECK(a.sees(0, happening(verb::join, me, user("me"))).empty());
  CHECK(a.sees(0, happening(verb::update, me, user("me2"))).empty());
  CHECK(a.sees(0, happening(verb::leave, me, user("me2"))) == lines{":me2!u@h PART #0 :Removed from the channel"});
}

TEST_CASE("after missed changes the client is told the difference") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}, {3, user("bob")}, {4, user("cleo")}})).empty());
  auto told = a.narrated(a.roster.catch_up(
      0, entries({{me, user("me")}, {3, user("bob")}, {4, user("cloe")}, {5, user("dan")}}), ++last_commit));
  CHECK(told == lines{":ann!u@h PART #0", ":cleo!u@h NICK cloe", ":dan!u@h JOIN #0"});
}

TEST_CASE("nothing is known of those the client no longer sees") {
  roster_watcher a;
  CHECK(a.enters(0, entries({{2, user("ann")}, {3, user("bob")}})).empty());
  CHECK(a.enters(1, entries({{3, user("bob")}})).empty());
  a.roster.leave(0);
  CHECK(a.roster.others(0).empty());
  CHECK(a.roster.find(1, make_member(3)) != nullptr);
  CHECK(a.sees(0, happening(verb::leave, 2, user("ann"))).empty());
}

// Users do what users do, in a scope that is modelled by a log; the observer reads the log late and moves between channels
// itself. Whatever it is told must leave it with the truth.
TEST_CASE("a client that reads late has the right view in the end") {
  constexpr std::size_t channel_count = 3;
  constexpr std::uint64_t user_count = 5;
  auto seed = registry::testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 200; ++round) {
    struct record {
      std::size_t channel;
      registry::event what;
    };
    std::vector<record> log;
    std::array<std::map<std::uint64_t, registry::value>, channel_count> truth;
    std::map<std::uint64_t, std::string> nicks;
    std::uint64_t next_user = 2;
    int next_nick = 0;
    auto commit = [&](std::size_t channel, verb what, std::uint64_t who, const registry::value& data) {
      log.push_back({channel, happening(what, who, data)});
      if (what == verb::leave)
        truth[channel].erase(who);
      else
        truth[channel][who] = data;
    };

    roster_watcher observer;
    testing::client_view view{"me"};
    lines told;
    std::array<std::optional<std::size_t>, channel_count> entered; // where in the log the observer came in
    std::size_t read = 0;
    auto show = [&](const lines& more) {
      for (const auto& line : more) {
        told.push_back(line);
        view.apply(line);
      }
    };
    auto read_one = [&] {
      const auto& next = log[read++];
      if (entered[next.channel] && read > *entered[next.channel])
        show(observer.sees(next.channel, next.what));
    };

    for (int step = 0; step < 120; ++step) {
      auto channel = random() % channel_count;
      switch (random() % 8) {
      case 0:
        if (nicks.size() < user_count)
          nicks[next_user++] = "n" + std::to_string(next_nick++);
        break;
      case 1:
      case 2:
      case 3:
        for (const auto& [who, nick] : nicks) {
          if (random() % 3 != 0)
            continue;
          if (truth[channel].contains(who))
            commit(channel, verb::leave, who, parting(nick, "x"));
          else
            commit(channel, verb::join, who, user(nick));
        }
        break;
      case 4:
      case 5:
        for (auto& [who, nick] : nicks) {
          if (random() % user_count != 0)
            continue;
          nick = "n" + std::to_string(next_nick++);
          for (std::size_t each = 0; each < channel_count; ++each) {
            if (truth[each].contains(who))
              commit(each, verb::update, who, user(nick));
          }
          break;
        }
        break;
      case 6:
        for (auto each = nicks.begin(); each != nicks.end(); ++each) {
          if (random() % user_count != 0)
            continue;
          for (std::size_t in = 0; in < channel_count; ++in) {
            if (truth[in].contains(each->first))
              commit(in, verb::leave, each->first, quitting(each->second, "bye"));
          }
          nicks.erase(each);
          break;
        }
        break;
      default:
        if (entered[channel]) {
          observer.roster.leave(channel);
          entered[channel].reset();
          show({":me!u@h PART #" + std::to_string(channel)});
        } else {
          show(observer.enters(channel, entries(truth[channel])));
          entered[channel] = log.size();
          show({":me!u@h JOIN #" + std::to_string(channel)});
          std::string names = "me";
          for (const auto& each : observer.roster.others(channel))
            names += " " + std::string{text_in(each, "nick")};
          show({":s 353 me = #" + std::to_string(channel) + " :" + names});
        }
      }
      while (read < log.size() && random() % 3 != 0)
        read_one();
    }
    while (read < log.size())
      read_one();

    INFO("round " << round);
    for (std::size_t channel = 0; channel < channel_count; ++channel) {
      auto name = "#" + std::to_string(channel);
      REQUIRE(view.channels().contains(name) == entered[channel].has_value());
      if (!entered[channel])
        continue;
      std::set<std::string> expected{"me"};
      for (const auto& [who, data] : truth[channel])
        expected.insert(std::string{text_in(data, "nick")});
      REQUIRE(view.channels().at(name) == expected);
    }
    REQUIRE(view.complaints().empty());
  }
}
