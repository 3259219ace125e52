#include <support/fixture.hpp>

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <memory>

namespace registry {

using testing::one_node;

namespace {

/// The number of messages waiting for the test.
int received(one_node& n) {
  int count = 0;
  for (bool more = true; more;)
    n.self->receive([&](std::int32_t) { ++count; }, caf::after(std::chrono::seconds{0}) >> [&] { more = false; });
  return count;
}

member spawn_counter(one_node& n, std::shared_ptr<std::atomic<int>> count) {
  return registry::as_member(n.system.spawn([count]() -> caf::behavior {
    return {[count](std::int32_t) { ++*count; }, [](const std::string& text) { return text; }};
  }));
}

struct workers : one_node {
  explicit workers(int size, std::size_t threads = 0) : one_node(threads) {
    for (int i = 0; i < size; ++i) {
      counts.push_back(std::make_shared<std::atomic<int>>(0));
      all.push_back(spawn_counter(*this, counts.back()));
      REQUIRE(rooms.join("work", all.back(), object("load", size - i)));
    }
  }
  /// The number of messages each has received, after all have been handled.
  std::vector<int> totals() {
    std::vector<int> out;
    for (std::size_t i = 0; i < all.size(); ++i) {
      compat::request(self, caf::actor_cast<caf::actor>(all[i]), std::chrono::seconds{60}, std::string{"sync"})
          .receive([](const std::string&) {}, [](const caf::error&) { FAIL("no answer"); });
      out.push_back(*counts[i]);
    }
    return out;
  }
  std::vector<std::shared_ptr<std::atomic<int>>> counts;
  std::vector<member> all;
};

} // namespace

TEST_CASE("dispatch hands the entries to a callback, unless there are none", "[dispatch]") {
  one_node n;
  int calls = 0;
  CHECK(n.rooms.dispatch("k", [&](const group&) { ++calls; }) == 0);
  CHECK(calls == 0);
  REQUIRE(n.rooms.join("k", std::vector<member>{n.spawn_idle(), n.spawn_idle()}));
  CHECK(n.rooms.dispatch("k", [&](const group& entries) { calls += static_cast<int>(entries.size()); }) == 2);
  CHECK(calls == 2);
}

TEST_CASE("dispatch to all sends once per entry", "[dispatch]") {
  one_node n;
  CHECK(n.rooms.dispatch("k", dispatch_strategy::all(), std::int32_t{1}) == 0);
  REQUIRE(n.rooms.join("k", std::vector<member>{registry::as_member(n.self), registry::as_member(n.self)}));
  CHECK(n.rooms.dispatch("k", dispatch_strategy::all(), std::int32_t{1}) == 2);
  CHECK(received(n) == 2);
}

TEST_CASE("dispatch to many members sends once per entry, too", "[dispatch]") {
  workers n(1000);
  CHECK(n.rooms.dispatch("work", dispatch_strategy::all(), std::int32_t{1}) == 1000);
  CHECK(n.totals() == std::vector<int>(1000, 1));
}

TEST_CASE("round robin takes turns", "[dispatch]") {
  workers n(3);
  for (int i = 0; i < 30; ++i)
    REQUIRE(n.rooms.dispatch("work", dispatch_strategy::round_robin(), std::int32_t{i}) == 1);
  CHECK(n.totals() == std::vector<int>{10, 10, 10});
}

TEST_CASE("round robin takes turns under each key, whatever is sent to other keys in between", "[dispatch]") {
  workers n(2);
  const auto idle = n.spawn_idle();
  const auto take_turn = [&](const value& key) {
    REQUIRE(n.rooms.dispatch(key, dispatch_strategy::round_robin(), std::int32_t{0}) == 1);
  };
  // Enough keys for two of them to share a counter, however many shared counters there might be.
  for (int key = 0; key < 1500; ++key) {
    REQUIRE(n.rooms.join(key, idle));
    for (int i = 0; i < 2; ++i) {
      take_turn("work");
      take_turn(key);
    }
    REQUIRE(n.totals() == std::vector<int>(2, key + 1));
  }
  CHECK(n.rooms.dispatch("nobody", dispatch_strategy::round_robin(), std::int32_t{0}) == 0);
}

TEST_CASE("random reaches every member", "[dispatch]") {
  workers n(4);
  for (int i = 0; i < 4000; ++i)
    REQUIRE(n.rooms.dispatch("work", dispatch_strategy::random(), std::int32_t{i}) == 1);
  for (const auto total : n.totals()) {
    // Each expects 1000. By Bernstein's inequality one is farther off than 250 with a probability below 1e-15.
    CHECK(total > 750);
    CHECK(total < 1250);
  }
}

// With members on other nodes: node/dispatch.test.cpp.
TEST_CASE("local_first reaches every member if all are local", "[dispatch]") {
  workers n(2);
  for (int i = 0; i < 1000; ++i)
    REQUIRE(n.rooms.dispatch("work", dispatch_strategy::local_first(), std::int32_t{i}) == 1);
  const auto totals = n.totals();
  CHECK(totals[0] + totals[1] == 1000);
  // By Bernstein's inequality it is farther from 500 than 150 with a probability below 1e-15.
  CHECK(totals[0] > 350);
  CHECK(totals[0] < 650);
}

TEST_CASE("least takes the smallest number, and members without one come last", "[dispatch]") {
  workers n(3);
  REQUIRE(n.rooms.dispatch("work", dispatch_strategy::least("load"), std::int32_t{1}) == 1);
  CHECK(n.totals() == std::vector<int>{0, 0, 1});
  REQUIRE(n.rooms.update_value("work", n.all[0], object("load", 0.5)));
  REQUIRE(n.rooms.update_value("work", n.all[2], object("load", "none")));
  REQUIRE(n.rooms.dispatch("work", dispatch_strategy::least("load"), std::int32_t{1}) == 1);
  CHECK(n.totals() == std::vector<int>{1, 0, 1});
  CHECK(n.rooms.dispatch("work", dispatch_strategy::least("unknown"), std::int32_t{1}) == 1);
}

TEST_CASE("rendezvous keeps a key with its member and moves few keys when a member leaves", "[dispatch]") {
  workers n(10);
  constexpr int keys = 1000;
  const auto owners = [&] {
    std::vector<std::size_t> out;
    for (int k = 0; k < keys; ++k) {
      const auto before = n.totals();
      REQUIRE(n.rooms.dispatch("work", dispatch_strategy::rendezvous(k), std::int32_t{k}) == 1);
      const auto after = n.totals();
      for (std::size_t i = 0; i < after.size(); ++i) {
        if (after[i] != before[i])
          out.push_back(i);
      }
    }
    return out;
  };
  const auto first = owners();
  REQUIRE(first.size() == keys);
  std::vector<int> share(n.all.size());
  for (const auto owner : first)
    ++share[owner];
  for (const auto one : share) {
    // Each expects 100 with a standard deviation of 9.5.
    CHECK(one > 50);
    CHECK(one < 150);
  }
  REQUIRE(n.rooms.leave("work", n.all[3]));
  const auto second = owners();
  for (std::size_t k = 0; k < keys; ++k) {
    if (first[k] != 3)
      CHECK(first[k] == second[k]);
    else
      CHECK(second[k] != 3);
  }
}

TEST_CASE("terminated members are skipped while their entries are still there", "[dispatch]") {
  workers n(1, 1);
  const auto first = n.spawn_idle();
  const auto least_loaded = n.spawn_idle();
  n.end(first);
  n.end(least_loaded);
  const std::vector strategies{dispatch_strategy::all(),         dispatch_strategy::random(),
                               dispatch_strategy::round_robin(), dispatch_strategy::local_first(),
                               dispatch_strategy::least("load"), dispatch_strategy::rendezvous(7)};
  {
    // The scope's actor is not told that they have terminated.
    const testing::held_worker nobody(n.system);
    for (const auto& gone : {first, least_loaded})
      REQUIRE(n.rooms.join("work", gone, object("load", 0)));
    for (int i = 0; i < 20; ++i) { // one of three by chance for 20 times: with a probability below 1e-9
      for (const auto& strategy : strategies)
        REQUIRE(n.rooms.dispatch("work", strategy, std::int32_t{1}) == 1);
    }
    CHECK(n.rooms.count("work") == 3);
  }
  CHECK(n.totals() == std::vector<int>{20 * static_cast<int>(strategies.size())});
}

TEST_CASE("send reaches the holder of a unique key", "[dispatch]") {
  one_node n;
  CHECK(n.rooms.send("k", std::int32_t{1}).error() == errc::requires_unique);
  CHECK(n.names.send("k", std::int32_t{1}).error() == errc::not_registered);
  REQUIRE(n.names.join("k", n.self));
  CHECK(n.names.send("k", std::int32_t{1}).value() == registry::as_member(n.self));
  CHECK(received(n) == 1);
}

TEST_CASE("strategies are read from values", "[dispatch]") {
  for (const auto* name : {"all", "random", "round_robin", "local_first"})
    CHECK(dispatch_strategy::parse(name));
  CHECK(dispatch_strategy::parse(list("least", "load")).value().type() == dispatch_strategy::kind::least);
  CHECK(dispatch_strategy::parse(list("rendezvous", 7)).value().argument() == value{7});
  CHECK(dispatch_strategy::parse("all").value().includes_suspected());
  const auto reachable = dispatch_strategy::parse(list("only_reachable", list("least", "load")));
  CHECK(reachable.value().type() == dispatch_strategy::kind::least);
  CHECK_FALSE(reachable.value().includes_suspected());
  for (const auto& bad : std::vector<value>{"some", 1, list("least"), list("least", 1), list("most", "load"), nullptr})
    CHECK(dispatch_strategy::parse(bad).error() == errc::invalid_argument);
}

} // namespace registry
