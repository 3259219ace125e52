#include <apps/chat/support/client_view.hpp>
#include <apps/chat/support/split_network.hpp>

#include <support/catch.hpp>

#include <chrono>

using namespace chat;
using namespace chat::testing;

namespace {

/// Claims from now on are later than all before.
void let_the_clock_go_on() {
  const auto now = [] { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); };
  const auto before = now();
  REQUIRE(eventually([&] { return now() > before; }));
}

/// Until the user is welcome or refused.
void await_answer(session_user& who) {
  while (auto line = who.next()) {
    if (line->find(" 001 ") != std::string::npos || line->find(" 433 ") != std::string::npos)
      return;
  }
}

void look(client_view& view, const std::vector<std::string>& seen) {
  for (const auto& line : seen)
    view.apply(line);
}

} // namespace

TEST_CASE("of two users who took one name on both sides of a partition the later one is disconnected when it heals") {
  split_network net;
  session_user ann{net[0], "ann"};
  session_user bob{net[1], "bob"};
  client_view of_ann{"ann"};
  client_view of_bob{"bob"};
  look(of_ann, ann.ask("JOIN #a"));
  net.heal();
  look(of_bob, bob.ask("JOIN #a"));
  net.heal();
  look(of_ann, ann.read_all());
  net.cut();
  const std::size_t first = GENERATE(0U, 1U);
  session_user early{net[first], "dup", {"#a"}};
  let_the_clock_go_on();
  session_user late{net[1 - first]};
  SECTION("from the start") {
    late.log_in("dup");
    late.join("#a");
  }
  SECTION("by renaming itself") {
    late.log_in("other");
    late.join("#a");
    late.send("NICK Dup");
    late.expect("NICK");
  }
  net.heal();

  const auto why = ":Nick collision: the name belongs to a user of s" + std::to_string(first) + ".test";
  CHECK(late.expect("KILL").find(why) != std::string::npos);
  CHECK(late.read_to_end() == "ERROR :Closing link: host.test (Nick collision)");
  CHECK(count_of(early.ask("NAMES #a"), "= #a :ann bob dup") == 1);
  net.heal();
  look(of_ann, ann.read_all());
  look(of_bob, bob.read_all());
  for (const auto* view : {&of_ann, &of_bob}) {
    CHECK(view->complaints() == "");
    CHECK(view->channels().at("#a") == std::set<std::string>{"ann", "bob", "dup"});
  }
  CHECK(net[0].shared->nicks.count() == 3);
  ann.send("PRIVMSG dup :still there?");
  CHECK(early.expect("PRIVMSG") == ":ann!ann@host.test PRIVMSG dup :still there?");
}

TEST_CASE("two users who take one name at the same moment do not both keep it") {
  chat_network net{2};
  for (int round = 0; round < 20; ++round) {
    session_user one{net[0]};
    session_user other{net[1]};
    for (auto* each : {&one, &other}) {
      each->send("NICK same");
      each->send("USER x 0 * :X");
    }
    for (auto* each : {&one, &other})
      await_answer(*each);
    net.settle();
    for (std::size_t i = 0; i < 2; ++i)
      CHECK(eventually([&] { return net[i].shared->nicks.count("same") == 1; }));
    one.send("QUIT");
    other.send("QUIT");
    one.read_to_end();
    other.read_to_end();
    net.settle();
  }
}
