#include <apps/chat/support/session_user.hpp>

#include <registry/actor/handle.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

using namespace chat;
using namespace chat::testing;

using lines = std::vector<std::string>;

TEST_CASE("a user who joins sees the members, and the members see the user") {
  chat_world where;
  session_user ann{where, "ann", {"#lobby"}};
  session_user bob{where, "bob"};
  CHECK(bob.ask("JOIN #lobby") == lines{":bob!bob@host.test JOIN #lobby", ":chat.localhost 353 bob = #lobby :ann bob",
                                        ":chat.localhost 366 bob #lobby :End of NAMES list"});
  CHECK(ann.expect("JOIN") == ":bob!bob@host.test JOIN #lobby");
  CHECK(ann.ask("NAMES #lobby")[0] == ":chat.localhost 353 ann = #lobby :ann bob");
}

TEST_CASE("joining twice, joining several and leaving all") {
  chat_world where;
  session_user ann{where, "ann"};
  CHECK(count_of(ann.ask("JOIN #a,#b,,#c key"), " JOIN ") == 3);
  CHECK(ann.ask("JOIN #A").empty());
  CHECK(ann.ask("JOIN 0").size() == 3);
  CHECK(where.shared->channels.count() == 0);
}

TEST_CASE("a channel is one channel in any spelling and has the name its first member gave it") {
  chat_world where;
  session_user ann{where, "ann", {"#Lobby[1]"}};
  session_user bob{where, "bob"};
  CHECK(bob.ask("JOIN #LOBBY{1}")[0] == ":bob!bob@host.test JOIN #Lobby[1]");
  bob.send("PRIVMSG #lobby{1} :hi");
  CHECK(ann.expect("PRIVMSG") == ":bob!bob@host.test PRIVMSG #Lobby[1] :hi");
}

TEST_CASE("names that are no channels cannot be joined") {
  chat_world where;
  session_user ann{where, "ann"};
  for (auto name : {"lobby", "#", "&local", "#a:b"})
    CHECK(count_of(ann.ask("JOIN " + std::string{name}), " 403 ann " + std::string{name}) == 1);
}

TEST_CASE("a client is in a bounded number of channels") {
  chat_world where{{.max_channels = 2}};
  session_user ann{where, "ann", {"#a", "#b"}};
  CHECK(count_of(ann.ask("JOIN #c"), " 405 ann #c ") == 1);
  ann.ask("PART #a");
  CHECK(count_of(ann.ask("JOIN #c"), "JOIN #c") == 1);
}

TEST_CASE("leaving with and without a farewell") {
  chat_world where;
  session_user ann{where, "ann", {"#a", "#b"}};
  session_user bob{where, "bob", {"#a", "#b"}};
  CHECK(bob.ask("PART #a :so long") == lines{":bob!bob@host.test PART #a :so long"});
  CHECK(bob.ask("PART #b") == lines{":bob!bob@host.test PART #b"});
  CHECK(ann.expect("PART #a") == ":bob!bob@host.test PART #a :so long");
  CHECK(ann.expect("PART #b") == ":bob!bob@host.test PART #b");
  CHECK(count_of(bob.ask("PART #a"), " 442 bob #a ") == 1);
  CHECK(count_of(bob.ask("PART #nowhere"), " 403 bob #nowhere ") == 1);
}

TEST_CASE("a user who has left a channel hears nothing of it any more") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob", {"#a"}};
  ann.ask("PART #a");
  session_user cleo{where, "cleo", {"#a"}};
  cleo.send("PRIVMSG #a :anybody?");
  bob.expect("anybody?");
  where.flush();
  CHECK(ann.read_all().empty());
}

TEST_CASE("a user that is seen in several channels quits and is renamed once") {
  chat_world where;
  session_user ann{where, "ann", {"#a", "#b", "#c"}};
  session_user bob{where, "bob", {"#a", "#b", "#c"}};
  bob.ask("NICK rob");
  where.flush();
  auto seen = ann.read_all();
  CHECK(count_of(seen, ":bob!bob@host.test NICK rob") == 1);
  CHECK(count_of(seen, "NICK") == 1);
  bob.send("QUIT :bye");
  bob.read_to_end();
  where.flush();
  seen = ann.read_all();
  CHECK(count_of(seen, ":rob!bob@host.test QUIT :Quit: bye") == 1);
  CHECK(seen.size() == 1);
  CHECK(ann.ask("NAMES #b")[0] == ":chat.localhost 353 ann = #b :ann");
}

TEST_CASE("NAMES for a stranger shows the present members") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob"};
  CHECK(bob.ask("NAMES #a") == lines{":chat.localhost 353 bob = #a :ann", ":chat.localhost 366 bob #a :End of NAMES list"});
  CHECK(bob.ask("NAMES #none") == lines{":chat.localhost 366 bob #none :End of NAMES list"});
  CHECK(bob.ask("NAMES") == lines{":chat.localhost 366 bob * :End of NAMES list"});
}

TEST_CASE("many names take several lines of legal length") {
  chat_world where;
  std::vector<std::unique_ptr<session_user>> crowd;
  for (int i = 0; i < 60; ++i)
    crowd.push_back(std::make_unique<session_user>(where, "a_rather_long_nickname_" + std::to_string(100 + i),
                                                   std::vector<std::string>{"#crowd"}));
  session_user ann{where, "ann"};
  auto shown = ann.ask("NAMES #crowd");
  CHECK(shown.size() == 5);
  std::size_t names = 0;
  for (const auto& line : shown) {
    CHECK(line.size() <= irc::max_line);
    names += count_of({line}, " 353 ") * static_cast<std::size_t>(std::ranges::count(line, '_')) / 4;
  }
  CHECK(names == 60);
}

TEST_CASE("a topic is shown to users who come later") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  CHECK(count_of(ann.ask("TOPIC #a"), " 331 ann #a ") == 1);
  ann.send("TOPIC #a :All about actors");
  CHECK(ann.expect("TOPIC") == ":ann!ann@host.test TOPIC #a :All about actors");
  session_user bob{where, "bob"};
  auto shown = bob.ask("JOIN #a");
  CHECK(count_of(shown, " 332 bob #a :All about actors") == 1);
  CHECK(count_of(shown, " 333 bob #a ann!ann@host.test ") == 1);
  CHECK(count_of(bob.ask("TOPIC #A"), " 332 bob #a :All about actors") == 1);
}

TEST_CASE("everybody in the channel sees every change of the topic in the same order") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob", {"#a"}};
  for (int i = 0; i < 20; ++i) {
    ann.send("TOPIC #a :ann " + std::to_string(i));
    bob.send("TOPIC #a :bob " + std::to_string(i));
  }
  auto topics = [](session_user& user) {
    lines result;
    while (result.size() < 40)
      result.push_back(user.expect(" TOPIC "));
    return result;
  };
  CHECK(topics(ann) == topics(bob));
}

TEST_CASE("a topic is taken away by an empty one") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  ann.send("TOPIC #a :x");
  ann.expect("TOPIC");
  ann.send("TOPIC #a :");
  CHECK(ann.expect("TOPIC") == ":ann!ann@host.test TOPIC #a :");
  CHECK(count_of(ann.ask("TOPIC #a"), " 331 ") == 1);
}

TEST_CASE("a topic lives as long as its channel") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob", {"#a"}};
  ann.send("TOPIC #a :x");
  ann.expect("TOPIC");
  ann.ask("PART #a");
  CHECK(count_of(bob.ask("TOPIC #a"), " 332 ") == 1);
  bob.ask("PART #a");
  CHECK(eventually([&] { return where.shared->topics.count() == 0; }));
  CHECK(count_of(ann.ask("JOIN #a"), " 332 ") == 0);
}

TEST_CASE("only members set the topic") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob"};
  CHECK(count_of(bob.ask("TOPIC #a :mine"), " 442 bob #a ") == 1);
  CHECK(count_of(bob.ask("TOPIC #b :mine"), " 403 bob #b ") == 1);
}

TEST_CASE("LIST shows channels, how many are in them, and their topics") {
  chat_world where;
  session_user ann{where, "ann", {"#One", "#Two"}};
  session_user bob{where, "bob", {"#one"}};
  ann.send("TOPIC #two :Second");
  ann.expect("TOPIC");
  auto all = bob.ask("LIST");
  CHECK(all.size() == 4);
  CHECK(count_of(all, " 322 bob #One 2 :") == 1);
  CHECK(count_of(all, " 322 bob #Two 1 :Second") == 1);
  CHECK(bob.ask("LIST #ONE,#none").size() == 3);
}

TEST_CASE("a long LIST is cut") {
  chat_world where{{.max_list = 2}};
  session_user ann{where, "ann", {"#a", "#b", "#c"}};
  auto all = ann.ask("LIST");
  CHECK(count_of(all, " 322 ") == 2);
  CHECK(count_of(all, "there may be more") == 1);
}

TEST_CASE("a member that is removed by another actor is told so") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob", {"#a"}};
  REQUIRE(where.shared->channels.leave("#a", ann.session()));
  CHECK(ann.expect("PART") == ":ann!ann@host.test PART #a :Removed from the channel");
  CHECK(bob.expect("PART") == ":ann!ann@host.test PART #a");
  CHECK(count_of(ann.ask("PRIVMSG #a :still here?"), " 404 ") == 1);
}

TEST_CASE("entries that other programs make in the scope cannot break a line") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  auto odd = where.system.spawn([]() -> caf::behavior { return {[](const relay&) {}}; });
  REQUIRE(where.shared->channels.join("#a", odd, registry::object("nick", "x\r\nERROR :you", "user", 7)));
  CHECK(ann.expect("JOIN") == ":x__ERROR_:you!@ JOIN #a");
  REQUIRE(where.shared->channels.join("#a", odd));
  CHECK(ann.expect("NICK") == ":x__ERROR_:you!@ NICK *");
  CHECK(ann.ask("WHO #a").size() == 4);
  CHECK(ann.ask("LIST").size() == 3);
  registry::kill(odd);
  ann.expect("QUIT");
}
