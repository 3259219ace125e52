#include <support/fixture.hpp>

#include <registry/compat/messages.hpp>
#include <registry/node/system_config.hpp>

#include <support/waiting.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>
#include <string>

namespace registry {

using testing::one_node;

TEST_CASE("a node is refused by an actor system that cannot carry its messages, with what to do", "[node]") {
  const auto refusal_of = [](caf::actor_system_config& config, const cluster_options& options) {
    caf::actor_system system{config};
    const auto started = node::start(system, options);
    CHECK((started || started.error() == errc::invalid_argument));
    return started ? std::string{} : std::string{started.error().message()};
  };
  const std::string unknown = "the actor system does not know the messages of the registry: derive its configuration from ";
  cluster_options alone;
  cluster_options clustered;
  clustered.listen = "127.0.0.1:0";
  compat::announce_core_messages(); // CAF 1.x itself requires them
  {
    caf::actor_system_config of_caf;
    CHECK(refusal_of(of_caf, alone) == unknown + "registry::system_config instead of caf::actor_system_config");
  }
  {
    caf::actor_system_config of_caf;
    of_caf.load<caf::io::middleman>();
    CHECK(refusal_of(of_caf, clustered) ==
          unknown + "registry::clustered_system_config instead of caf::actor_system_config");
  }
  {
    system_config without_middleman;
    CHECK(refusal_of(without_middleman, clustered) ==
          "a node of a cluster needs CAF's middleman: configure the actor system with a registry::clustered_system_config");
  }
  {
    system_config with_middleman;
    with_middleman.load<caf::io::middleman>();
    CHECK(refusal_of(with_middleman, clustered).empty());
  }
}

TEST_CASE("scopes are opened, found, listed and closed by name", "[node]") {
  one_node n;
  CHECK(n.home.find_scope("rooms"));
  CHECK_FALSE(n.home.find_scope("nothing"));
  auto names = n.home.scope_names();
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"names", "rooms"});
  CHECK(n.home.close_scope("rooms"));
  CHECK_FALSE(n.home.find_scope("rooms"));
  CHECK(n.home.close_scope("rooms").error() == errc::invalid_argument);
  CHECK(n.home.open_scope("rooms"));
}

TEST_CASE("opening a scope checks its options", "[node]") {
  one_node n;
  CHECK(n.home.open_scope("").error() == errc::invalid_argument);
  CHECK(n.home.open_scope("rooms").error() == errc::scope_exists);
  scope_options options;
  options.name = "x";
  options.partitions = 0;
  CHECK(n.home.open_scope(options).error() == errc::invalid_argument);
  CHECK_FALSE(n.home.find_scope("x"));
}

TEST_CASE("a handle found by name is the same scope", "[node]") {
  one_node n;
  auto again = n.home.find_scope("rooms").value();
  REQUIRE(n.rooms.join("k", n.spawn_idle()));
  CHECK(again.count("k") == 1);
  CHECK(again.name() == "rooms");
  CHECK(again.mode() == key_mode::duplicate);
  CHECK(n.home.find_scope("names")->mode() == key_mode::unique);
}

TEST_CASE("closing and opening again starts empty", "[node]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann));
  REQUIRE(n.home.close_scope("rooms"));
  auto fresh = n.home.open_scope("rooms").value();
  CHECK(fresh.count() == 0);
  CHECK(fresh.join("k", ann));
  CHECK(n.rooms.join("k", ann).error() == errc::scope_closed);
}

TEST_CASE("a stopped node opens nothing and stopping again is harmless", "[node]") {
  one_node n;
  n.home.stop();
  n.home.stop();
  CHECK(n.home.open_scope("late").error() == errc::scope_closed);
  CHECK(n.rooms.join("k", n.spawn_idle()).error() == errc::scope_closed);
  CHECK(n.home.scope_names().empty());
}

TEST_CASE("a node starts and stops many times with entries, subscribers and running members", "[node]") {
  for (int round = 0; round < 50; ++round) {
    one_node n;
    for (int i = 0; i < 20; ++i)
      REQUIRE(n.rooms.join(i, n.spawn_idle(), i));
    REQUIRE(n.rooms.monitor_scope(n.self));
    REQUIRE(n.rooms.join("last", n.self));
  }
}

TEST_CASE("a node works with CAF's own scheduler", "[node]") {
  system_config config{caf_defaults::kept};
  caf::actor_system system{config};
  auto home = node::start(system).value();
  const auto rooms = home.open_scope("rooms").value();
  constexpr std::size_t count = 200;
  std::atomic<std::size_t> told{0};
  for (std::size_t i = 0; i < count; ++i) {
    const auto who = system.spawn([&told](caf::event_based_actor* self) -> caf::behavior {
      return {[&told, self](const std::string&) {
        ++told;
        self->quit();
      }};
    });
    REQUIRE(rooms.join("k", who));
  }
  CHECK(rooms.dispatch("k", dispatch_strategy::all(), std::string{"go"}) == count);
  CHECK(testing::eventually([&] { return told == count && rooms.count() == 0; }));
}

} // namespace registry
