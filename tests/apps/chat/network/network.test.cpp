#include <apps/chat/support/chat_network.hpp>

#include <registry/actor/handle.hpp>

#include <support/catch.hpp>

using namespace chat;
using namespace chat::testing;

using lines = std::vector<std::string>;

TEST_CASE("users of three servers meet in a channel, talk, and part") {
  chat_network net{3};
  session_user ann{net[0], "ann", {"#a"}};
  net.settle();
  session_user bob{net[1], "bob", {"#a"}};
  net.settle();
  session_user cleo{net[2], "cleo", {"#a"}};
  net.settle();
  CHECK(ann.read_all() == lines{":bob!bob@host.test JOIN #a", ":cleo!cleo@host.test JOIN #a"});
  CHECK(bob.read_all() == lines{":cleo!cleo@host.test JOIN #a"});
  CHECK(count_of(cleo.ask("NAMES #a"), ":s2.test 353 cleo = #a :ann bob cleo") == 1);

  ann.send("PRIVMSG #a :hello");
  CHECK(bob.expect("PRIVMSG") == ":ann!ann@host.test PRIVMSG #a :hello");
  CHECK(cleo.expect("PRIVMSG") == ":ann!ann@host.test PRIVMSG #a :hello");
  CHECK(count_of(ann.read_all(), "PRIVMSG") == 0);
  bob.send("NOTICE cleo :psst");
  CHECK(cleo.expect("NOTICE") == ":bob!bob@host.test NOTICE cleo :psst");

  bob.send("NICK rob");
  CHECK(ann.expect("NICK") == ":bob!bob@host.test NICK rob");
  CHECK(cleo.expect("NICK") == ":bob!bob@host.test NICK rob");
  bob.send("PART #a :enough");
  CHECK(ann.expect("PART") == ":rob!bob@host.test PART #a :enough");
  cleo.send("QUIT :bye");
  CHECK(ann.expect("QUIT") == ":cleo!cleo@host.test QUIT :Quit: bye");
  registry::kill(ann.session());
  CHECK(eventually([&] { return net[1].shared->channels.count() == 0; }));
}

TEST_CASE("a question about a user of another server is answered as on one") {
  chat_network net{2};
  session_user ann{net[0], "ann"};
  session_user bob{net[1], "Bob", {"#One"}};
  bob.ask("AWAY :lunch");
  bob.send("TOPIC #one :all about it");
  bob.expect("TOPIC");
  net.settle();
  CHECK(ann.ask("WHOIS bob") == lines{":s0.test 311 ann Bob Bob host.test * :The real Bob", ":s0.test 319 ann Bob :#One",
                                      ":s0.test 312 ann Bob s1.test :registry", ":s0.test 301 ann Bob :lunch",
                                      ":s0.test 318 ann bob :End of WHOIS list"});
  CHECK(ann.ask("WHO #one")[0] == ":s0.test 352 ann #One Bob host.test s1.test Bob G :0 The real Bob");
  CHECK(ann.ask("PRIVMSG bob :hungry?") == lines{":s0.test 301 ann Bob :lunch"});
  CHECK(ann.ask("LIST")[1] == ":s0.test 322 ann #One 1 :all about it");
  CHECK(ann.ask("NAMES #one")[0] == ":s0.test 353 ann = #one :Bob");
  CHECK(ann.ask("ISON bob") == lines{":s0.test 303 ann :Bob"});
  CHECK(count_of(ann.ask("LUSERS"), "There are 2 users") == 1);
  auto joined = ann.ask("JOIN #one");
  CHECK(count_of(joined, "JOIN #One") == 1);
  CHECK(count_of(joined, " 332 ann #One :all about it") == 1);
}

TEST_CASE("a nickname that is taken on another server is refused") {
  chat_network net{2};
  session_user ann{net[0], "ann"};
  net.settle();
  session_user late{net[1]};
  late.send("NICK Ann");
  late.send("USER x 0 * :X");
  CHECK(late.expect(" 433 ") == ":s1.test 433 * Ann :Nickname is already in use");
  late.send("NICK late");
  late.expect(" 001 ");
  CHECK(count_of(late.ask("NICK ANN"), " 433 late ANN ") == 1);
  ann.ask("NICK anna");
  net.settle();
  CHECK(count_of(late.ask("NICK ann"), "NICK ann") == 1);
}

TEST_CASE("a topic is one everywhere, and outlives the server where it was set") {
  chat_network net{3};
  session_user ann{net[0], "ann", {"#a"}};
  session_user bob{net[1], "bob", {"#a"}};
  net.settle();
  ann.read_all();
  bob.read_all();
  ann.send("TOPIC #a :one");
  CHECK(bob.expect("TOPIC") == ":ann!ann@host.test TOPIC #a :one");
  bob.send("TOPIC #a :two");
  CHECK(ann.expect(":two") == ":bob!bob@host.test TOPIC #a :two");
  REQUIRE(eventually([&] { return is_kept_by(3, net[0], "#a", "two"); }));
  net.stop(1);
  ann.expect("QUIT");
  net.settle();
  CHECK(count_of(ann.read_all(), "TOPIC") == 0);
  CHECK(count_of(ann.ask("TOPIC #a"), " 332 ann #a :two") == 1);
  ann.ask("PART #a");
  CHECK(eventually([&] { return net[2].shared->topics.count("#a") == 0; }));
}

TEST_CASE("nobody of another server is heard before it is seen to come, nor under a name it is not seen to take") {
  chat_network net{2};
  session_user ann{net[0], "ann", {"#a"}};
  net.settle();
  for (int round = 0; round < 50; ++round) {
    auto nick = "n" + std::to_string(round);
    session_user bob{net[1], nick};
    for (auto line : {"JOIN #a", "PRIVMSG #a :one"})
      bob.send(line);
    bob.send("NICK m" + std::to_string(round));
    for (auto line : {"PRIVMSG #a :two", "QUIT :bye"})
      bob.send(line);
    auto seen = ann.read_until("QUIT");
    CAPTURE(text_of(seen));
    REQUIRE(seen.size() == 5);
    CHECK(seen[0].find("JOIN #a") != std::string::npos);
    CHECK(seen[1].find(":one") != std::string::npos);
    CHECK(seen[2].find("NICK m") != std::string::npos);
    CHECK(seen[3].find(":two") != std::string::npos);
    bob.read_to_end();
  }
}
