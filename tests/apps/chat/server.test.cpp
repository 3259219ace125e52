#include <apps/chat/support/socket_user.hpp>

#include <chat/world/messages.hpp>

#include <registry/actor/tell.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <support/catch.hpp>

#include <memory>
#include <thread>

using namespace chat;
using namespace chat::testing;

namespace {

bool has_ipv6_loopback() {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor acceptor{context};
  boost::system::error_code failed;
  acceptor.open(boost::asio::ip::tcp::v6(), failed);
  if (!failed)
    acceptor.bind({boost::asio::ip::address_v6::loopback(), 0}, failed);
  return !failed;
}

} // namespace

TEST_CASE("two users meet, talk, are renamed and part over sockets") {
  running_server where;
  socket_user ann{where, "ann", {"#lobby"}};
  socket_user bob{where, "bob", {"#lobby"}};
  CHECK(ann.expect("JOIN") == ":bob!bob@127.0.0.1 JOIN #lobby");
  ann.send("PRIVMSG #lobby :hello");
  CHECK(bob.expect("PRIVMSG") == ":ann!ann@127.0.0.1 PRIVMSG #lobby :hello");
  bob.send("NICK rob");
  CHECK(ann.expect("NICK") == ":bob!bob@127.0.0.1 NICK rob");
  CHECK(ann.ask("NAMES #lobby")[0] == ":chat.localhost 353 ann = #lobby :ann rob");
  ann.send("PART #lobby");
  CHECK(bob.expect("PART") == ":ann!ann@127.0.0.1 PART #lobby");
  ann.join("#lobby");
  bob.expect("JOIN");
  bob.send("QUIT :bye");
  CHECK(bob.read_to_end() == "ERROR :Closing link: 127.0.0.1 (Quit: bye)");
  CHECK(ann.expect("QUIT") == ":rob!bob@127.0.0.1 QUIT :Quit: bye");
  CHECK(ann.ask("NAMES #lobby")[0] == ":chat.localhost 353 ann = #lobby :ann");
}

TEST_CASE("a line over 512 bytes is refused and the connection goes on") {
  running_server where;
  socket_user ann{where, "ann", {}};
  CHECK(count_of(ann.ask("PRIVMSG ann :" + std::string(600, 'x')), " 417 ann ") == 1);
  ann.send_bytes(std::string(100'000, 'y'));
  CHECK(count_of(ann.ask("z\r\nNOTICE ann :fine"), ":fine") == 1);
}

TEST_CASE("lines may end in LF and come in pieces") {
  running_server where;
  socket_user ann{where};
  for (auto piece : {"NI", "CK ann\nUSER", " ann 0 * :A", "nn\n"})
    ann.send_bytes(piece);
  ann.expect(" 001 ann ");
}

TEST_CASE("a flood is read at the pace of the session and nothing of it is lost") {
  running_server where;
  socket_user ann{where, "ann", {"#a"}};
  socket_user bob{where, "bob", {"#a"}};
  constexpr int count = 5000;
  std::string flood;
  for (int i = 0; i < count; ++i)
    flood += "PRIVMSG #a :line " + std::to_string(i) + "\r\n";
  std::thread sender{[&] { ann.send_bytes(flood); }};
  for (int i = 0; i < count; ++i)
    REQUIRE(bob.expect("PRIVMSG") == ":ann!ann@127.0.0.1 PRIVMSG #a :line " + std::to_string(i));
  sender.join();
}

TEST_CASE("a client that does not read is disconnected at the bound while others are served") {
  server_options options;
  options.listen.limits.send_queue = 64 * 1024;
  running_server where{options};
  socket_user deaf{where, "deaf", {"#a"}};
  socket_user ann{where, "ann", {"#a"}};
  socket_user bob{where, "bob", {"#a"}};
  ann.read_all();
  bob.read_all();
  auto text = std::string(400, 'x');
  std::size_t sent = 0;
  std::vector<std::string> seen;
  // What the kernel takes for the deaf one comes before what the server may keep for it.
  while (count_of(seen, "QUIT") == 0 && sent < 100'000) {
    for (int i = 0; i < 50; ++i, ++sent)
      ann.send("PRIVMSG #a :" + text);
    ann.send("PRIVMSG bob :mark");
    seen = bob.read_until("mark");
  }
  CAPTURE(sent);
  CHECK(count_of(seen, ":deaf!deaf@127.0.0.1 QUIT :SendQ exceeded") == 1);
  CHECK(eventually([&] { return where.server->session_count() == 2; }));
  where.flush();
  ann.read_all();
  CHECK(count_of(ann.ask("NAMES #a"), " = #a :ann bob") == 1);
}

TEST_CASE("connections that break are seen to quit") {
  running_server where;
  socket_user ann{where, "ann", {"#a"}};
  auto bob = std::make_unique<socket_user>(where, "bob", std::vector<std::string>{"#a"});
  auto cleo = std::make_unique<socket_user>(where, "cleo", std::vector<std::string>{"#a"});
  bob->reset();
  // Whether the server notices it first when it reads or when it writes decides on the words.
  CHECK(ann.expect("QUIT").starts_with(":bob!bob@127.0.0.1 QUIT :Connection "));
  cleo->expect("QUIT");
  cleo->read_all(); // closing with unread input would be a reset, too
  cleo->close();
  CHECK(ann.expect("QUIT").starts_with(":cleo!cleo@127.0.0.1 QUIT :Connection "));
  CHECK(eventually([&] { return where.server->shared().nicks.count() == 1; }));
}

TEST_CASE("connections that never say anything leave nothing behind") {
  running_server where;
  for (int i = 0; i < 50; ++i) {
    socket_user silent{where};
    if (i % 3 == 0)
      silent.reset();
    else if (i % 3 == 1)
      silent.send_bytes("NICK half");
  }
  // Connections are accepted in their order: the server has seen all of them when it welcomes this one.
  socket_user ann{where, "ann", {}};
  CHECK(eventually([&] { return where.server->session_count() == 1; }));
}

TEST_CASE("two hundred clients talk in one channel") {
  running_server where;
  std::vector<std::unique_ptr<socket_user>> crowd;
  for (int i = 0; i < 200; ++i)
    crowd.push_back(std::make_unique<socket_user>(where, "user" + std::to_string(i), std::vector<std::string>{"#crowd"}));
  crowd[0]->send("PRIVMSG #crowd :hello all");
  for (std::size_t i = 1; i < crowd.size(); ++i)
    CHECK(crowd[i]->expect("PRIVMSG") == ":user0!user0@127.0.0.1 PRIVMSG #crowd :hello all");
  CHECK(count_of(crowd[7]->ask("LIST"), " 322 user7 #crowd 200 ") == 1);
  crowd[0]->send("QUIT");
  for (std::size_t i = 1; i < crowd.size(); ++i)
    crowd[i]->expect(":user0!user0@127.0.0.1 QUIT :Quit");
  crowd.clear();
  CHECK(eventually([&] { return where.server->session_count() == 0; }));
  CHECK(where.server->shared().channels.count() == 0);
}

TEST_CASE("a stranger who says nothing is disconnected when the time is over") {
  server_options options;
  options.tick = std::chrono::milliseconds{200};
  running_server where{options};
  socket_user stranger{where};
  CHECK(stranger.read_to_end().find("Registration timeout") != std::string::npos);
}

TEST_CASE("a silent client is asked and then disconnected") {
  server_options options;
  options.tick = std::chrono::hours{1}; // the test says when it is over
  running_server where{options};
  socket_user ann{where, "ann", {}};
  const auto tick = [session = where.server->shared().nicks.members("ann").at(0)] { registry::tell(session, chat::tick{}); };
  tick(); // until here it has spoken
  for (int i = 0; i < 3; ++i) {
    tick();
    CHECK(ann.expect("PING") == "PING :chat.localhost");
    ann.ask("PONG :chat.localhost"); // and the session has heard it
    tick();
  }
  tick();
  CHECK(ann.expect("PING") == "PING :chat.localhost");
  tick();
  CHECK(ann.read_to_end().find("Ping timeout") != std::string::npos);
}

TEST_CASE("more clients than allowed are turned away") {
  server_options options;
  options.listen.max_connections = 2;
  running_server where{options};
  socket_user ann{where, "ann", {}};
  auto bob = std::make_unique<socket_user>(where, "bob", std::vector<std::string>{});
  socket_user cleo{where};
  CHECK(cleo.read_to_end() == "ERROR :Closing link: too many connections");
  bob->send("QUIT");
  bob->read_to_end();
  bob->close();
  CHECK(eventually([&] { return where.server->session_count() == 1; }));
}

TEST_CASE("clients are told when the server ends") {
  auto where = std::make_unique<running_server>();
  socket_user ann{*where, "ann", {"#a"}};
  socket_user stranger{*where};
  REQUIRE(eventually([&] { return where->server->session_count() == 2; }));
  std::thread ending{[&] { where->server->stop(); }};
  CHECK(ann.read_to_end() == "ERROR :Closing link: 127.0.0.1 (Server shutting down)");
  CHECK(stranger.read_to_end() == "ERROR :Closing link: 127.0.0.1 (Server shutting down)");
  ann.close();
  stranger.close();
  ending.join();
  where->server->stop();
  CHECK(where->home.scope_names().empty());
}

TEST_CASE("a server ends in bounded time though a client keeps its connection open") {
  server_options options;
  options.listen.limits.linger = std::chrono::milliseconds{100};
  running_server where{options};
  socket_user ann{where, "ann", {}};
  where.server->stop();
  CHECK(ann.read_to_end().starts_with("ERROR"));
}

TEST_CASE("a port that is taken is reported with its address") {
  running_server where;
  chat::system_config config;
  caf::actor_system system{config};
  auto home = registry::node::start(system).value();
  server_options options;
  options.listen.port = where.port();
  auto second = server::start(home, options);
  REQUIRE_FALSE(second);
  CHECK(second.error() == registry::errc::invalid_argument);
  CHECK(second.error().message().find("127.0.0.1:" + std::to_string(where.port())) != std::string_view::npos);
  CHECK(home.scope_names().empty());
  options.listen.port = 0;
  CHECK(server::start(home, options));
}

TEST_CASE("a node has one chat") {
  running_server where;
  auto second = server::start(where.home, {});
  REQUIRE_FALSE(second);
  CHECK(second.error() == registry::errc::scope_exists);
  socket_user ann{where, "ann", {}};
}

TEST_CASE("IPv4 and IPv6 are served under one port") {
  if (!has_ipv6_loopback()) {
    WARN("this machine has no IPv6; the test checks nothing");
    return;
  }
  server_options options;
  options.listen.hosts = {"127.0.0.1", "::1"};
  running_server where{options};
  CHECK(where.server->addresses().size() == 2);
  socket_user ann{where, "ann", {"#a"}};
  socket_user bob{where, "::1"};
  bob.log_in("bob");
  bob.join("#a");
  CHECK(ann.expect("JOIN") == ":bob!bob@0::1 JOIN #a");
}
