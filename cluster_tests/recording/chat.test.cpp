#include <recording/check.hpp>
#include <recording/nodes.hpp>

#include <apps/chat/support/socket_user.hpp>
#include <chat/demo/free_ports.hpp>
#include <support/child_process.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <csignal>

using namespace cluster_tests;
using namespace registry::testing;
using chat::testing::socket_user;

namespace {

constexpr const char* host = "127.0.0.1";

/// A chat server that is a process.
struct chat_server {
  chat_server(proxy& way, const std::string& name, std::uint16_t port, const std::string& seed)
      : process({CHAT_PROGRAM, "--config-file=/dev/null", "--chat.name=" + name, "--chat.port=" + std::to_string(port),
                 "--registry.listen=127.0.0.1:0", "--registry.advertise=" + to_string(way.address()),
                 "--registry.seeds=[" + seed + "]", "--registry.cluster=chat", "--registry.suspect-after=1min",
                 "--registry.down-after=2min", "--registry.protocol-version=1", "--registry.encryption=none"},
                {-1, false, {"REGISTRY_SECRET=" + launch{}.secret}}) {
    const auto said = [&](const char* what) { return process.log().find(what) != std::string::npos; };
    if (!eventually([&] { return said("listens on ") && said("listening on "); }))
      throw std::runtime_error("a chat server does not start: " + process.log());
    way.lead_to(listening_address(process.log()));
  }

  child_process process;
};

/// Waits until a user sees somebody in a channel.
bool sees(socket_user& user, const std::string& nick) {
  return eventually([&] { return chat::testing::count_of(user.ask("NAMES #lobby"), nick) > 0; });
}

} // namespace

TEST_CASE("a conversation of two chat servers can be recorded and read", "[recording]") {
  const conversation_directory directory{"chat"};
  recording by;
  {
    const auto ports = chat::demo::free_ports(2);
    auto& to_one = by.way_to("one");
    chat_server one{to_one, "one.test", ports[0], ""};
    chat_server two{by.way_to("two"), "two.test", ports[1], "\"" + to_string(to_one.address()) + "\""};
    socket_user ann{host, ports[0]};
    socket_user bob{host, ports[1]};
    socket_user cid{host, ports[1]};
    ann.log_in("ann");
    bob.log_in("bob");
    cid.log_in("cid");
    ann.join("#lobby");
    bob.join("#lobby");
    cid.join("#lobby");
    REQUIRE(sees(ann, "bob"));
    REQUIRE(sees(ann, "cid"));
    REQUIRE(sees(bob, "ann"));
    ann.send("TOPIC #lobby :What was said in version 1");
    bob.expect("What was said");
    ann.send("PRIVMSG #lobby :to everybody");
    bob.expect("to everybody");
    cid.expect("to everybody");
    bob.send("PRIVMSG ann :to you alone");
    ann.expect("to you alone");
    ann.send("NOTICE bob :a notice");
    bob.expect("a notice");
    bob.send("NICK bert");
    ann.expect("NICK");
    ann.send("AWAY :for a while");
    REQUIRE(eventually([&] { return chat::testing::count_of(bob.ask("WHOIS ann"), "for a while") > 0; }));
    cid.send("PART #lobby :enough");
    ann.expect("PART");
    cid.send("QUIT :good night");
    cid.read_to_end();
    for (auto* x : {&two, &one}) {
      x->process.signal(SIGTERM);
      CHECK(x->process.wait(std::chrono::minutes{1}) == 0);
    }
    CHECK(ann.read_to_end() != "");
  }
  by.write(directory.path());
  check_readable(directory.path());
}
