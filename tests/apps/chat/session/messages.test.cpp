#include <apps/chat/support/session_user.hpp>

#include <support/catch.hpp>

using namespace chat;
using namespace chat::testing;

using lines = std::vector<std::string>;

TEST_CASE("a message to a channel reaches all its members but the sender") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob", {"#a"}};
  session_user cleo{where, "cleo", {"#a"}};
  CHECK(count_of(ann.ask("PRIVMSG #a :hello there"), "PRIVMSG") == 0);
  CHECK(bob.expect("PRIVMSG") == ":ann!ann@host.test PRIVMSG #a :hello there");
  CHECK(cleo.expect("PRIVMSG") == ":ann!ann@host.test PRIVMSG #a :hello there");
  ann.send("NOTICE #a :fyi");
  CHECK(bob.expect("NOTICE") == ":ann!ann@host.test NOTICE #a :fyi");
}

TEST_CASE("a message to a user reaches that user") {
  chat_world where;
  session_user ann{where, "ann"};
  session_user bob{where, "Bob"};
  CHECK(ann.ask("PRIVMSG bob :psst").empty());
  CHECK(bob.expect("PRIVMSG") == ":ann!ann@host.test PRIVMSG Bob :psst");
  ann.send("PRIVMSG ann :note to self");
  CHECK(ann.expect("PRIVMSG") == ":ann!ann@host.test PRIVMSG ann :note to self");
}

TEST_CASE("several targets get one message each, up to the limit") {
  chat_world where{{.max_targets = 2}};
  session_user ann{where, "ann"};
  session_user bob{where, "bob"};
  session_user cleo{where, "cleo"};
  CHECK(ann.ask("PRIVMSG bob,cleo :hi").empty());
  bob.expect("hi");
  cleo.expect("hi");
  CHECK(count_of(ann.ask("PRIVMSG bob,cleo,ann :hi"), " 407 ann ann ") == 1);
}

TEST_CASE("an undeliverable message gets the numeric that IRC defines") {
  chat_world where;
  session_user ann{where, "ann"};
  session_user bob{where, "bob", {"#b"}};
  CHECK(count_of(ann.ask("PRIVMSG"), " 411 ") == 1);
  CHECK(count_of(ann.ask("PRIVMSG bob"), " 412 ") == 1);
  CHECK(count_of(ann.ask("PRIVMSG bob :"), " 412 ") == 1);
  CHECK(count_of(ann.ask("PRIVMSG nobody :x"), " 401 ann nobody ") == 1);
  CHECK(count_of(ann.ask("PRIVMSG #none :x"), " 403 ann #none ") == 1);
  CHECK(count_of(ann.ask("PRIVMSG #b :x"), " 404 ann #b ") == 1);
}

TEST_CASE("a NOTICE is never answered") {
  chat_world where;
  session_user ann{where, "ann"};
  session_user bob{where, "bob", {"#b"}};
  bob.ask("AWAY :out");
  for (auto line : {"NOTICE", "NOTICE bob", "NOTICE nobody :x", "NOTICE #none :x", "NOTICE #b :x", "NOTICE bob :x"})
    CHECK(ann.ask(line).empty());
}

TEST_CASE("a message that gets too long with its sender before it is cut") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob", {"#a"}};
  ann.send("PRIVMSG #a :" + std::string(498, 'x'));
  auto line = bob.expect("PRIVMSG");
  CHECK(line.size() == irc::max_line);
  CHECK(line.starts_with(":ann!ann@host.test PRIVMSG #a :xxx"));
}

TEST_CASE("the sender of a message to a user who is away is told so") {
  chat_world where;
  session_user ann{where, "ann"};
  session_user bob{where, "bob", {"#a"}};
  CHECK(count_of(bob.ask("AWAY :lunch"), " 306 ") == 1);
  CHECK(ann.ask("PRIVMSG bob :hungry?") == lines{":chat.localhost 301 ann bob :lunch"});
  bob.expect("hungry?");
  CHECK(count_of(ann.ask("WHO #a"), " bob G ") == 1);
  CHECK(count_of(ann.ask("WHOIS bob"), " 301 ann bob :lunch") == 1);
  CHECK(count_of(bob.ask("AWAY"), " 305 ") == 1);
  CHECK(ann.ask("PRIVMSG bob :back?").empty());
  CHECK(count_of(ann.ask("WHO #a"), " bob H ") == 1);
}

TEST_CASE("WHOIS tells who somebody is and where") {
  chat_world where{{.network = "TestNet"}};
  session_user ann{where, "ann"};
  session_user bob{where, "Bob", {"#One"}};
  CHECK(ann.ask("WHOIS bob") ==
        lines{":chat.localhost 311 ann Bob Bob host.test * :The real Bob", ":chat.localhost 319 ann Bob :#One",
              ":chat.localhost 312 ann Bob chat.localhost :TestNet", ":chat.localhost 318 ann bob :End of WHOIS list"});
  CHECK(count_of(ann.ask("WHOIS some.server bob"), " 311 ann Bob ") == 1);
  auto nobody = ann.ask("WHOIS nobody");
  CHECK(count_of(nobody, " 401 ann nobody ") == 1);
  CHECK(count_of(nobody, " 318 ann nobody ") == 1);
  CHECK(count_of(ann.ask("WHOIS"), " 431 ") == 1);
}

TEST_CASE("WHO lists a channel or a user") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob", {"#a"}};
  where.flush();
  ann.read_all();
  auto shown = ann.ask("WHO #A");
  CHECK(count_of(shown, " 352 ann #a bob host.test chat.localhost bob H :0 The real bob") == 1);
  CHECK(count_of(shown, " 352 ") == 2);
  CHECK(shown.back() == ":chat.localhost 315 ann #A :End of WHO list");
  CHECK(count_of(ann.ask("WHO bob"), " 352 ann * bob ") == 1);
  CHECK(ann.ask("WHO nobody").size() == 1);
  CHECK(ann.ask("WHO").size() == 1);
}

TEST_CASE("USERHOST and ISON tell who is there") {
  chat_world where;
  session_user ann{where, "ann"};
  session_user bob{where, "bob"};
  bob.ask("AWAY :x");
  CHECK(ann.ask("USERHOST ann bob nobody") == lines{":chat.localhost 302 ann :ann=+ann@host.test bob=-bob@host.test"});
  CHECK(ann.ask("ISON :bob nobody ann") == lines{":chat.localhost 303 ann :bob ann"});
}

TEST_CASE("modes are shown but not changed, except one that says nothing") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob"};
  CHECK(ann.ask("MODE #a") == lines{":chat.localhost 324 ann #a +n"});
  CHECK(count_of(ann.ask("MODE #a b"), " 368 ann #a ") == 1);
  CHECK(count_of(ann.ask("MODE #a +o ann"), " 482 ann #a ") == 1);
  CHECK(count_of(ann.ask("MODE #none"), " 403 ann #none ") == 1);
  CHECK(ann.ask("MODE ann") == lines{":chat.localhost 221 ann +"});
  CHECK(ann.ask("MODE ann +i") == lines{":ann!ann@host.test MODE ann +i"});
  CHECK(ann.ask("MODE ann") == lines{":chat.localhost 221 ann +i"});
  CHECK(count_of(ann.ask("MODE ann +x"), " 501 ") == 1);
  CHECK(count_of(ann.ask("MODE bob +i"), " 502 ") == 1);
}

TEST_CASE("LUSERS counts") {
  chat_world where;
  session_user ann{where, "ann", {"#a", "#b"}};
  session_user bob{where, "bob", {"#a"}};
  auto shown = ann.ask("LUSERS");
  CHECK(count_of(shown, "There are 2 users") == 1);
  CHECK(count_of(shown, " 254 ann 2 :") == 1);
  CHECK(count_of(shown, "I have 2 clients") == 1);
}

TEST_CASE("nobody is heard before it is seen to come, nor under a name it is not seen to take") {
  chat_world where;
  session_user ann{where, "ann", {"#a", "#b"}};
  for (int round = 0; round < 50; ++round) {
    auto nick = "n" + std::to_string(round);
    session_user bob{where, nick};
    for (auto line : {"JOIN #a", "PRIVMSG #a :one", "JOIN #b", "PRIVMSG #b :two"})
      bob.send(line);
    bob.send("NICK m" + std::to_string(round));
    for (auto line : {"PRIVMSG #b :three", "PRIVMSG #a :four", "QUIT :bye"})
      bob.send(line);
    auto seen = ann.read_until("QUIT");
    CAPTURE(text_of(seen));
    auto position = [&](std::string_view part) {
      for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].find(part) != std::string::npos)
          return i;
      }
      return seen.size();
    };
    REQUIRE(seen.size() == 8);
    CHECK(position("JOIN #a") < position(":one"));
    CHECK(position("JOIN #b") < position(":two"));
    CHECK(position("NICK m") < position(":three"));
    CHECK(position(":three") < position(":four"));
    CHECK(position(":four") < position("QUIT"));
    bob.read_to_end();
  }
}
