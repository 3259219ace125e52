#include <apps/chat/support/client_view.hpp>
#include <apps/chat/support/split_network.hpp>

#include <support/catch.hpp>

using namespace chat;
using namespace chat::testing;

TEST_CASE("a partition lets those on the other side quit, and they join when it heals") {
  split_network net;
  session_user ann{net[0], "ann", {"#a", "#b"}};
  session_user bob{net[1], "bob", {"#a", "#b"}};
  ann.send("TOPIC #a :before");
  ann.expect("TOPIC");
  REQUIRE(eventually([&] { return is_kept_by(2, net[1], "#a", "before"); }));
  net.heal();
  ann.read_all();
  bob.read_all();

  net.cut();
  CHECK(ann.read_all() == std::vector<std::string>{":bob!bob@host.test QUIT :s0.test s1.test"});
  CHECK(bob.read_all() == std::vector<std::string>{":ann!ann@host.test QUIT :s1.test s0.test"});
  CHECK(count_of(ann.ask("NAMES #a"), "= #a :ann") == 1);
  CHECK(count_of(bob.ask("TOPIC #a"), ":before") == 1);
  CHECK(count_of(ann.ask("PRIVMSG bob :there?"), " 401 ann bob ") == 1);
  bob.ask("NICK rob");
  bob.ask("PART #b");
  bob.send("TOPIC #a :after");
  bob.expect("TOPIC");
  session_user cleo{net[0], "cleo", {"#a"}};
  CHECK(ann.expect("JOIN") == ":cleo!cleo@host.test JOIN #a");

  net.heal();
  auto seen = ann.read_all();
  CAPTURE(text_of(seen));
  CHECK(count_of(seen, ":rob!bob@host.test JOIN #a") == 1);
  CHECK(count_of(seen, "JOIN") == 1);
  CHECK(count_of(seen, ":rob!bob@host.test TOPIC #a :after") == 1);
  auto back = bob.read_all();
  CAPTURE(text_of(back));
  CHECK(count_of(back, ":ann!ann@host.test JOIN #a") == 1);
  CHECK(count_of(back, ":cleo!cleo@host.test JOIN #a") == 1);
  CHECK(count_of(back, "TOPIC") == 0);
  CHECK(count_of(bob.ask("NAMES #a"), "= #a :ann cleo rob") == 1);
  CHECK(count_of(ann.ask("NAMES #a"), "= #a :ann cleo rob") == 1);
  bob.send("PRIVMSG #a :back again");
  CHECK(ann.expect("PRIVMSG") == ":rob!bob@host.test PRIVMSG #a :back again");
}

TEST_CASE("a silence that ends in time is not seen by anybody") {
  split_network net;
  session_user ann{net[0], "ann", {"#a"}};
  session_user bob{net[1], "bob", {"#a"}};
  net.heal();
  ann.read_all();
  bob.read_all();
  net.silence();
  CHECK(ann.read_all().empty());
  CHECK(count_of(ann.ask("NAMES #a"), "= #a :ann bob") == 1);
  CHECK(count_of(ann.ask("PRIVMSG bob :there?"), " 401 ann bob ") == 1);
  net.heal();
  CHECK(ann.read_all().empty());
  CHECK(bob.read_all().empty());
  ann.send("PRIVMSG bob :now?");
  CHECK(bob.expect("PRIVMSG") == ":ann!ann@host.test PRIVMSG bob :now?");
}
