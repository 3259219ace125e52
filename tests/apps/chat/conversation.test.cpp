#include <apps/chat/support/chat_network.hpp>
#include <apps/chat/support/client_view.hpp>
#include <apps/chat/support/session_user.hpp>
#include <support/seed.hpp>

#include <registry/actor/handle.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>

using namespace chat;
using namespace chat::testing;

namespace {

constexpr std::size_t channel_count = 3;

/// A user that does what comes to its mind, on a thread of its own, and makes a picture of what it sees.
class random_user {
public:
  random_user(chat_world& where, std::string nick, std::uint64_t seed)
      : user_(where), view_(nick), nick_(std::move(nick)), random_(seed) {
    user_.log_in(nick_);
  }

  void act(int steps) {
    for (int i = 0; i < steps; ++i)
      act();
  }

  void look() {
    for (const auto& line : user_.read_all())
      view_.apply(line);
  }

  [[nodiscard]] const client_view& view() const noexcept { return view_; }

private:
  void act() {
    auto channel = "#" + std::to_string(random_() % channel_count);
    switch (random_() % 8) {
    case 0:
    case 1:
    case 2:
      user_.send("JOIN " + channel);
      break;
    case 3:
      user_.send("PART " + channel + " :bored");
      break;
    case 4:
      user_.send("NICK " + nick_ + std::to_string(random_() % 100));
      break;
    case 5:
      user_.send(random_() % 2 == 0 ? "AWAY :x" : "AWAY");
      break;
    case 6:
      user_.send("PRIVMSG " + channel + " :hello");
      break;
    default:
      look();
    }
  }

  session_user user_;
  client_view view_;
  std::string nick_;
  std::mt19937_64 random_;
};

std::map<std::string, std::set<std::string>> everybody(const chat_world& where) {
  std::map<std::string, std::set<std::string>> result;
  where.shared->channels.snapshot().for_each([&](const registry::value& key, const registry::group& members) {
    for (const auto& each : members)
      result[std::string{*key.as_string()}].emplace(text_in(each.data, "nick"));
  });
  return result;
}

/// Those who are in a channel, and nobody else, have the right view of it, and nobody was told what cannot be.
void check_views(const std::vector<std::unique_ptr<random_user>>& users,
                 const std::map<std::string, std::set<std::string>>& truth) {
  std::size_t places = 0;
  for (const auto& [channel, names] : truth)
    places += names.size();
  CHECK(places > 0);
  for (const auto& each : users) {
    CHECK(each->view().complaints() == "");
    places -= each->view().channels().size();
    for (const auto& [channel, names] : each->view().channels()) {
      CAPTURE(channel);
      REQUIRE(truth.contains(channel));
      CHECK(names == truth.at(channel));
    }
  }
  CHECK(places == 0);
}

/// Somebody comes, says something, is renamed, and goes, in one way or the other, again and again. Returns who it was.
std::vector<registry::member> visit(chat_world& where, const std::string& name, std::uint64_t seed) {
  std::vector<registry::member> guests;
  std::mt19937_64 random{seed};
  for (int i = 0; i < 12; ++i) {
    session_user guest{where, name, {"#0"}};
    guests.push_back(guest.session());
    for (const auto& line :
         {std::string{"JOIN #1"}, "NICK visiting-" + name, std::string{"PRIVMSG #0 :hi"}, std::string{"JOIN #2"}})
      guest.send(line);
    if (random() % 2 == 0)
      guest.send("QUIT :bye");
    else
      registry::kill(guest.session());
    guest.read_to_end();
  }
  return guests;
}

/// Waits until the channels have noticed that they are gone: nobody says goodbye for those who were killed.
void await_end_of(const std::vector<registry::member>& guests, const chat_world& where) {
  for (const auto& each : guests)
    REQUIRE(eventually([&] { return where.shared->channels.keys(each).empty(); }));
}

} // namespace

// Users come, go and rename themselves at the same time, some are killed; those who stay must end up with the right picture of
// every channel they are in, and must never have been told what cannot be.
TEST_CASE("whatever happens at the same time, everybody ends with the right view") {
  auto seed = registry::testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    chat_world where;
    std::vector<std::unique_ptr<random_user>> stayers;
    for (auto nick : {"ann", "bob", "cleo", "dan"})
      stayers.push_back(std::make_unique<random_user>(where, nick, random()));
    std::vector<std::thread> threads;
    for (const auto& each : stayers)
      threads.emplace_back([&each] { each->act(150); });
    std::vector<registry::member> guests;
    threads.emplace_back([&where, &guests, seed = random()] { guests = visit(where, "guest", seed); });
    for (auto& each : threads)
      each.join();
    await_end_of(guests, where);
    // A round trip with every session, and then nothing is on its way.
    for (const auto& each : stayers)
      each->look();
    where.flush();
    for (const auto& each : stayers)
      each->look();
    auto truth = everybody(where);
    check_views(stayers, truth);
  }
}

TEST_CASE("whatever happens at the same time on three nodes, everybody ends with the right view") {
  auto seed = registry::testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 5; ++round) {
    CAPTURE(round);
    chat_network net{3};
    std::vector<std::unique_ptr<random_user>> stayers;
    for (auto nick : {"ann", "bob", "cleo", "dan", "eve"})
      stayers.push_back(std::make_unique<random_user>(net[stayers.size() % 3], nick, random()));
    std::vector<std::thread> threads;
    for (const auto& each : stayers)
      threads.emplace_back([&each] { each->act(150); });
    std::array<std::vector<registry::member>, 2> guests;
    for (std::size_t i = 0; i < guests.size(); ++i)
      threads.emplace_back(
          [&net, &guests, i, seed = random()] { guests[i] = visit(net[i], "guest" + std::to_string(i), seed); });
    for (auto& each : threads)
      each.join();
    for (std::size_t i = 0; i < guests.size(); ++i)
      await_end_of(guests[i], net[i]);
    for (const auto& each : stayers)
      each->look();
    net.settle();
    for (const auto& each : stayers)
      each->look();
    auto truth = everybody(net[0]);
    check_views(stayers, truth);
  }
}

TEST_CASE("random bytes do not disturb a session") {
  auto seed = registry::testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  constexpr std::array<std::string_view, 24> words{"NICK",  "USER",  "JOIN",  "PART", "PRIVMSG", "NOTICE",   "NAMES", "WHO",
                                                   "WHOIS", "TOPIC", "LIST",  "AWAY", "MODE",    "USERHOST", "ISON",  "CAP",
                                                   "PASS",  "#a",    "#a,#b", "ann",  ":",       "*",        "0",     "LS"};
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user witness{where, "witness", {"#a"}};
  for (int i = 0; i < 5000; ++i) {
    std::string line;
    for (auto n = random() % 6; n > 0; --n) {
      line += words[random() % words.size()];
      line += random() % 8 == 0 ? static_cast<char>(1 + random() % 255) : ' ';
    }
    std::ranges::replace_if(line, [](char c) { return c == '\r' || c == '\n'; }, '_');
    ann.send(line);
    if (i % 50 == 0) {
      for (const auto& answer : ann.read_all()) {
        REQUIRE(answer.size() <= irc::max_line);
        REQUIRE(answer.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos);
      }
    }
  }
  ann.send("QUIT");
  ann.read_to_end();
  CHECK(eventually([&] { return where.sessions->size() == 1; }));
  CHECK(count_of(witness.ask("NAMES #a"), " witness") > 0);
}
