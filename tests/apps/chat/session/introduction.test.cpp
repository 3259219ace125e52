#include <apps/chat/support/session_user.hpp>

#include <registry/actor/tell.hpp>

#include <support/catch.hpp>

using namespace chat;
using namespace chat::testing;

TEST_CASE("a client that has said NICK and USER is welcome") {
  chat_world where{{.name = "chat.test", .network = "TestNet"}};
  session_user ann{where};
  ann.send("NICK Ann");
  ann.send("USER ann 0 * :Ann the First");
  CHECK(ann.expect(" 001 ") == ":chat.test 001 Ann :Welcome to the TestNet network, Ann!ann@host.test");
  auto rest = ann.read_all();
  for (auto number : {" 002 ", " 003 ", " 004 ", " 005 ", " 251 ", " 255 ", " 422 "})
    CHECK(count_of(rest, number) == 1);
  auto entries = where.shared->nicks.lookup("ann");
  REQUIRE(entries.size() == 1);
  auto stored = registry::from_value<person>(entries[0].data);
  REQUIRE(stored);
  CHECK(stored.value().nick == "Ann");
  CHECK(stored.value().real == "Ann the First");
  CHECK(stored.value().server == "chat.test");
}

TEST_CASE("USER may come before NICK") {
  chat_world where;
  session_user ann{where};
  ann.send("USER ann 0 * :Ann");
  ann.send("NICK ann");
  CHECK(ann.expect(" 001 ").find("ann!ann@host.test") != std::string::npos);
}

TEST_CASE("the message of the day is shown line by line") {
  chat_world where{{.motd = {"Be kind.", "Be brief."}}};
  session_user ann{where, "ann"};
  auto shown = ann.ask("MOTD");
  REQUIRE(shown.size() == 4);
  CHECK(shown[0].find(" 375 ") != std::string::npos);
  CHECK(shown[1].find(" 372 ann :- Be kind.") != std::string::npos);
  CHECK(shown[3].find(" 376 ") != std::string::npos);
}

TEST_CASE("a client that negotiates capabilities is welcome only after the end") {
  chat_world where;
  session_user ann{where};
  auto answer = ann.ask("CAP LS 302");
  REQUIRE(answer.size() == 1);
  CHECK(answer[0] == ":chat.localhost CAP * LS :");
  ann.send("NICK ann");
  CHECK(ann.ask("USER ann 0 * :Ann").empty());
  CHECK(count_of(ann.ask("CAP REQ :multi-prefix"), "CAP * NAK :multi-prefix") == 1);
  CHECK(count_of(ann.ask("CAP FROBNICATE"), " 410 ") == 1);
  ann.send("CAP END");
  ann.expect(" 001 ");
}

TEST_CASE("nothing but an introduction is accepted from strangers") {
  chat_world where;
  session_user ann{where};
  for (auto line : {"JOIN #a", "PRIVMSG ann :hi", "NONSENSE", "LIST", "WHO"}) {
    auto answer = ann.ask(line);
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].find(" 451 * ") != std::string::npos);
  }
  CHECK(ann.ask("PASS secret").empty());
  CHECK(ann.ask("PONG x").empty());
}

TEST_CASE("a nickname belongs to one user, in any spelling") {
  chat_world where;
  session_user ann{where, "ann[1]"};
  session_user bob{where};
  CHECK(count_of(bob.ask("NICK Ann{1}"), " 433 * Ann{1} ") == 1);
  bob.send("USER bob 0 * :Bob");
  bob.send("NICK bob");
  bob.expect(" 001 ");
  bob.read_all();
  CHECK(count_of(bob.ask("NICK ANN[1]"), " 433 bob ANN[1] ") == 1);
}

TEST_CASE("a nickname is free again when its user has gone or renamed itself") {
  chat_world where;
  session_user ann{where, "ann"};
  session_user bob{where, "bob"};
  CHECK(count_of(ann.ask("NICK anna"), ":ann!ann@host.test NICK anna") == 1);
  CHECK(count_of(bob.ask("NICK ann"), ":bob!bob@host.test NICK ann") == 1);
  ann.send("QUIT");
  ann.read_to_end();
  CHECK(count_of(bob.ask("NICK anna"), ":ann!bob@host.test NICK anna") == 1);
}

TEST_CASE("a user may change the spelling of its nickname") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  CHECK(ann.ask("NICK ANN") == std::vector<std::string>{":ann!ann@host.test NICK ANN"});
  CHECK(ann.ask("NICK ANN").empty());
  CHECK(text_in(where.shared->nicks.lookup("ann")[0].data, "nick") == "ANN");
  CHECK(text_in(where.shared->channels.lookup("#a")[0].data, "nick") == "ANN");
  CHECK(where.shared->nicks.count() == 1);
}

TEST_CASE("bad nicknames are refused") {
  chat_world where;
  session_user ann{where, "ann"};
  CHECK(count_of(ann.ask("NICK"), " 431 ann ") == 1);
  CHECK(count_of(ann.ask("NICK 9lives"), " 432 ann 9lives ") == 1);
  CHECK(count_of(ann.ask("NICK " + std::string(31, 'x')), " 432 ") == 1);
}

TEST_CASE("bad commands get the numeric that IRC defines") {
  chat_world where;
  session_user ann{where, "ann"};
  CHECK(count_of(ann.ask("FROBNICATE now"), " 421 ann FROBNICATE :") == 1);
  CHECK(count_of(ann.ask("USER a b c d"), " 462 ") == 1);
  CHECK(count_of(ann.ask("PASS x"), " 462 ") == 1);
  CHECK(count_of(ann.ask("USER a"), " 461 ann USER ") == 1);
  CHECK(count_of(ann.ask("join"), " 461 ann JOIN ") == 1);
  CHECK(count_of(ann.ask("PING"), " 409 ") == 1);
  CHECK(ann.ask("PING :a b") == std::vector<std::string>{":chat.localhost PONG chat.localhost :a b"});
  CHECK(ann.ask("").empty());
  CHECK(ann.ask(":prefix only").size() == 1);
}

TEST_CASE("every line is acknowledged") {
  chat_world where;
  session_user ann{where};
  for (auto line : {"NICK ann", "", "NONSENSE", "USER a 0 * :A"})
    ann.send(line);
  ann.read_all();
  CHECK(eventually([&] { return ann.lines().acknowledged() == 7; }));
}

TEST_CASE("an over-long line is refused and harms nothing") {
  chat_world where;
  session_user ann{where, "ann"};
  registry::tell(ann.session(), line_received{{}, true});
  CHECK(count_of(ann.read_all(), " 417 ann ") == 1);
}

TEST_CASE("a client that leaves gets an ERROR and its connection is closed") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  ann.send("QUIT :gone fishing");
  CHECK(ann.read_to_end() == "ERROR :Closing link: host.test (Quit: gone fishing)");
  CHECK(where.sessions->wait_until_empty(std::chrono::minutes{1}));
  CHECK(where.shared->nicks.count() == 0);
  CHECK(where.shared->channels.count() == 0);
}

TEST_CASE("a stranger who does not introduce itself in time is disconnected") {
  chat_world where;
  session_user ann{where};
  ann.send("NICK ann");
  registry::tell(ann.session(), tick{});
  CHECK(ann.read_to_end().find("Registration timeout") != std::string::npos);
}

TEST_CASE("a silent client is asked once and then disconnected") {
  chat_world where;
  session_user ann{where, "ann"};
  registry::tell(ann.session(), tick{}); // it has spoken
  registry::tell(ann.session(), tick{});
  CHECK(ann.expect("PING") == "PING :chat.localhost");
  ann.send("PONG chat.localhost");
  registry::tell(ann.session(), tick{});
  registry::tell(ann.session(), tick{});
  ann.expect("PING");
  registry::tell(ann.session(), tick{});
  CHECK(ann.read_to_end().find("Ping timeout") != std::string::npos);
}

TEST_CASE("a session that is killed as it begins leaves nothing behind") {
  chat_world where;
  for (int i = 0; i < 100; ++i) {
    session_user ann{where};
    registry::kill(ann.session());
    ann.read_to_end();
  }
  CHECK(where.sessions->wait_until_empty(std::chrono::minutes{1}));
  CHECK(eventually([&] { return where.shared->clients == 0; }));
}

TEST_CASE("a session that is killed leaves nothing behind") {
  chat_world where;
  session_user ann{where, "ann", {"#a"}};
  session_user bob{where, "bob", {"#a"}};
  registry::kill(ann.session());
  CHECK(bob.expect("QUIT") == ":ann!ann@host.test QUIT :Connection lost");
  ann.read_to_end();
  CHECK(where.shared->channels.count("#a") == 1);
  CHECK(eventually([&] { return where.shared->nicks.count() == 1; }));
}
