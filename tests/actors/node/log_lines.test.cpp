// What a node tells its operator.

#include <node/clustered_node.hpp>
#include <support/captured_log.hpp>
#include <support/waiting.hpp>

#include <registry/actor/tell.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <string>

namespace registry {

using testing::captured_log;
using testing::clustered_node;
using testing::eventually;
using testing::loopback;

namespace {

/// As the log calls it.
std::string name_of(const node& x) {
  return to_string(*x.address()) + " (" + to_string(x.self()).substr(0, 8) + ")";
}

} // namespace

TEST_CASE("the log names a node that comes and goes, once each", "[mesh][log]") {
  const captured_log log;
  clustered_node a{loopback()};
  CHECK(log.count("[info] node " + to_string(a.home.self()) + " listens on " + to_string(*a.home.address())) == 1);
  std::string name;
  {
    clustered_node b{loopback({*a.home.address()})};
    name = name_of(b.home);
    REQUIRE(eventually([&] { return log.count("[info] node " + name + " is linked") == 1; }));
    REQUIRE(eventually([&] { return log.count("[info] node " + name_of(a.home) + " is linked") == 1; }));
    for (const auto* x : {&a, &b}) // a farewell needs a link that is ready
      REQUIRE(eventually([&] { return !x->home.peers().empty() && x->home.peers().front().reachable; }));
  }
  REQUIRE(eventually([&] { return log.count("[info] node " + name + " is gone: it has left the cluster") == 1; }));
  CHECK(log.count("[warning]") == 0);
  CHECK(log.count("a secret of tests") == 0);
}

TEST_CASE("the log says why nodes refuse each other, and what to do", "[mesh][log]") {
  const captured_log log;
  clustered_node a{loopback()};
  auto options = loopback({*a.home.address()});
  options.secret = "hush hush, and for 32 characters or more";
  clustered_node b{options};
  const std::string what_to_do = "the shared secrets differ; give all nodes of the cluster the same one";
  CHECK(eventually([&] { return log.count("[warning] refused 127.0.0.1:0: " + what_to_do) == 1; }));
  CHECK(eventually(
      [&] { return log.count("[warning] cannot link with " + to_string(*a.home.address()) + ": " + what_to_do) == 1; }));
  CHECK(log.count("hush") == 0);
}

TEST_CASE("nodes know each other by name, and the log calls them by it", "[mesh][log]") {
  const captured_log log;
  auto options = loopback();
  options.node_name = "orders-1";
  clustered_node a{options};
  options = loopback({*a.home.address()});
  options.node_name = "bills-1";
  clustered_node b{options};
  REQUIRE(eventually([&] { return log.count("[info] node orders-1 at " + name_of(a.home) + " is linked") == 1; }));
  REQUIRE(eventually([&] { return log.count("[info] node bills-1 at " + name_of(b.home) + " is linked") == 1; }));
  CHECK(a.home.peers().at(0).name == "bills-1");
  CHECK(b.home.peers().at(0).name == "orders-1");
  CHECK(to_string(a.home.peers().at(0)).starts_with("bills-1, " + to_string(b.home.self()) + " at "));
}

TEST_CASE("nodes of versions that have no names know each other by address", "[mesh][log]") {
  const captured_log log;
  auto options = loopback();
  options.encryption = "none";
  options.node_name = "new";
  clustered_node a{options};
  options.seeds = {to_string(*a.home.address())};
  options.protocol_version = 1;
  options.node_name = "old";
  clustered_node b{options};
  REQUIRE(eventually([&] { return log.count("[info] node " + name_of(a.home) + " is linked") == 1; }));
  REQUIRE(eventually([&] { return log.count("[info] node " + name_of(b.home) + " is linked") == 1; }));
  CHECK(a.home.peers().at(0).name == to_string(*b.home.address()));
  CHECK_FALSE(a.home.peers().at(0).clock);
}

TEST_CASE("nodes know how far the clocks of others are off, and how long a message takes", "[mesh]") {
  clustered_node a{loopback()};
  clustered_node b{loopback({*a.home.address()})};
  for (const auto* x : {&a, &b}) {
    REQUIRE(eventually([&] {
      const auto peers = x->home.peers();
      return peers.size() == 1 && peers.front().clock;
    }));
    const auto clock = *x->home.peers().front().clock;
    CHECK(clock.round_trip > std::chrono::nanoseconds{0});
    // Both have the clock of this machine.
    CHECK(std::chrono::abs(clock.offset) <= clock.round_trip / 2 + std::chrono::milliseconds{1});
    CHECK(to_string(x->home.peers().front()).find(" ms, round trip ") != std::string::npos);
  }
}

TEST_CASE("the status of a peer is a text", "[mesh]") {
  peer_status x{{1, 2}, {"a", 4700}, true};
  CHECK(to_string(x) == "00000000000000010000000000000002 at a:4700, reachable");
  x.name = "a:4700"; // no other than the address
  CHECK(to_string(x) == "00000000000000010000000000000002 at a:4700, reachable");
  x.name = "orders-1";
  x.reachable = false;
  x.clock = {std::chrono::microseconds{-1250}, std::chrono::microseconds{400}};
  CHECK(to_string(x) ==
        "orders-1, 00000000000000010000000000000002 at a:4700, unreachable, clock behind by 1.250 ms, round trip 0.400 ms");
  x.clock->offset = std::chrono::seconds{2};
  CHECK(to_string(x).find(", clock ahead by 2000.000 ms, ") != std::string::npos);
}

TEST_CASE("a node name that could deceive the reader of a log is refused", "[log]") {
  auto options = loopback();
  options.node_name = "two words";
  CHECK(options.validate().error().message() == "option registry.node-name must have 1 to 64 letters, digits and -._:@/");
}

TEST_CASE("the log says which subscriber is too slow", "[log]") {
  const captured_log log;
  clustered_node n{loopback()};
  scope_options options;
  options.name = "busy";
  options.subscription_limit = 10;
  auto busy = n.home.open_scope(options).value();
  REQUIRE(busy.monitor_scope(n.self));
  const auto who = n.spawn_idle();
  for (int i = 0; i < 100; ++i)
    REQUIRE(busy.join(i, who));
  busy.flush();
  CHECK(log.count("[warning] a subscriber of scope 'busy' reads too slowly") == 1);
  CHECK(log.count("(actor " + std::to_string(n.self->id()) + ")") == 1);
}

TEST_CASE("a node appends its log to a file, and refuses one that cannot be written", "[log]") {
  const captured_log log;
  clustered_system_config config;
  caf::actor_system system{config};
  auto options = loopback();
  options.log_file = "/proc/no/file";
  const auto refused = node::start(system, options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == errc::invalid_argument);
  CHECK(refused.error().message().starts_with("option registry.log-file names a file that cannot be written: "));
  options.log_file.clear();
  options.log_level = "warn";
  auto started = node::start(system, options);
  REQUIRE(started);
  CHECK(log.lines().empty());
  started.value().stop();
  options.log_level = "loud";
  CHECK(node::start(system, options).error().message() ==
        "option registry.log-level must be trace, debug, info, warn, error or off, not 'loud'");
}

} // namespace registry
