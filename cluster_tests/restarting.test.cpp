#include <support/remote_node.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

using namespace cluster_tests;
using namespace registry::testing;
using namespace std::chrono_literals;

namespace {

/// Starts three nodes, lets them see each other, and ends them all at the same time.
void start_and_stop() {
  const auto cluster = cluster_of(3);
  for (const auto& x : cluster)
    x->join("lobby");
  for (const auto& x : cluster)
    REQUIRE(eventually([&] { return x->count() == 3; }));
  for (const auto& x : cluster)
    x->process().close_input();
  for (const auto& x : cluster) {
    REQUIRE(x->process().wait(1min) == 0);
    REQUIRE(x->logged("[error]") == 0);
  }
}

void rolling_restart(std::size_t rounds) {
  launch with;
  auto cluster = cluster_of(5, with);
  const auto load = [](remote_node& x) {
    x.watch();
    x.ask(object("do", "start_load", "prefix", x.self(), "rate", 300, "keys", 100));
  };
  for (const auto& x : cluster)
    load(*x);
  for (std::size_t i = 0; i < rounds * cluster.size(); ++i) {
    auto& x = cluster[i % cluster.size()];
    auto again = with;
    again.listen = to_string(x->address());
    again.seeds = {cluster[(i + 1) % cluster.size()]->address()};
    if (i % 2 == 0)
      REQUIRE(x->stop() == 0);
    else
      x->kill();
    x = std::make_unique<remote_node>(again);
    load(*x);
    REQUIRE(all_linked(cluster));
  }
  for (const auto& x : cluster)
    CHECK(number(x->ask(object("do", "stop_load", "prefix", x->self())), "failures") == 0);
  CHECK(all_equal(cluster));
  for (const auto& x : cluster) {
    CHECK(x->verify() == "");
    CHECK(x->known_peers() == 4);
    CHECK(x->count() > 0);
  }
}

} // namespace

TEST_CASE("three nodes start and stop ten times, and nothing hangs", "[restarting]") {
  for (int i = 0; i < 10; ++i)
    start_and_stop();
}

TEST_CASE("three nodes start and stop two hundred times, and nothing hangs", "[.slow]") {
  for (int i = 0; i < 200; ++i)
    start_and_stop();
}

TEST_CASE("five nodes restart one after the other under load, and nothing is lost", "[restarting]") {
  rolling_restart(1);
}

TEST_CASE("five nodes restart again and again under load, and nothing is lost", "[.slow]") {
  rolling_restart(10);
}
