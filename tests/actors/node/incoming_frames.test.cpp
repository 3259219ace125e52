// Which thread applies a frame of another node, and that nothing changes its place by that.

#include <node/clustered_node.hpp>

#include <registry/actor/handle.hpp>
#include <registry/scope/internal/scope_state.hpp>
#include <registry/scope/subscription.hpp>

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>

#include <support/catch.hpp>
#include <support/companion.hpp>
#include <support/effort.hpp>
#include <support/seed.hpp>
#include <support/workers.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace registry {

using testing::cluster_of;
using testing::clustered_node;
using testing::companion;
using testing::eventually;
using testing::held_worker;

namespace {

/// No actor of the system has a turn.
std::vector<std::unique_ptr<held_worker>> hold_all(caf::actor_system& system) {
  std::vector<std::unique_ptr<held_worker>> out;
  for (auto left = std::max(std::thread::hardware_concurrency(), 4U); left > 0; --left) // CAF's own number
    out.push_back(std::make_unique<held_worker>(system));
  return out;
}

std::thread::id thread_of_caf(clustered_node& x) {
  return x.system.middleman().backend().thread_id();
}

std::uint64_t gaps_of(const clustered_node& x) {
  return x.rooms.state()->replica_state().gaps;
}

std::size_t changes_at(clustered_node& x) {
  std::size_t out = 0;
  bool more = true;
  while (more) {
    more = false;
    x.self->receive(
        [&](const events& pending) {
          out += pending.take().changes.size();
          more = true;
        },
        caf::after(std::chrono::seconds{0}) >> [] {});
  }
  return out;
}

/// Two nodes whose scopes have each other's content.
struct near_nodes {
  explicit near_nodes(std::vector<std::unique_ptr<clustered_node>> two = cluster_of(2)) : nodes(std::move(two)) {
    REQUIRE(a.rooms.join("first", own));
    REQUIRE(b.rooms.join("second", b.spawn_idle()));
    REQUIRE(eventually([&] { return a.rooms.count("second") == 1 && b.rooms.count("first") == 1; }));
    REQUIRE(a.rooms.wait_replicated(std::chrono::minutes{1}));
    REQUIRE(b.rooms.wait_replicated(std::chrono::minutes{1}));
  }

  std::vector<std::unique_ptr<clustered_node>> nodes;
  clustered_node& a = *nodes[0];
  clustered_node& b = *nodes[1];
  const member own = a.spawn_idle();
};

} // namespace

TEST_CASE("a change reaches a subscriber on another node while no actor of that node has a turn", "[mesh][near]") {
  near_nodes n;
  REQUIRE(n.b.rooms.monitor_scope(n.b.self));
  const auto nobody_else = hold_all(n.b.system);
  std::size_t seen = 0;
  for (int i = 0; i < 20; ++i)
    REQUIRE(n.a.rooms.join("k" + std::to_string(i), n.own));
  CHECK(eventually([&] { return (seen += changes_at(n.b)) == 20; }));
}

TEST_CASE("handlers of the application do not run in CAF's thread, where they would hold up all links", "[mesh][near]") {
  near_nodes n;
  std::atomic<int> calls{0};
  std::atomic<int> in_thread_of_caf{0};
  const companion reader(n.b.system, [&](const caf::message& what) {
    if (what.match_elements<events>())
      static_cast<void>(what.get_as<events>(0).take());
    ++calls;
    in_thread_of_caf += std::this_thread::get_id() == thread_of_caf(n.b) ? 1 : 0;
  });
  const auto check_joins = [&](const scope& from) {
    for (int i = 1; i <= 20; ++i) {
      REQUIRE(from.join("k", n.own));
      REQUIRE(eventually([&] { return calls >= i; }));
    }
  };
  SECTION("of a subscriber that handles messages during their delivery") {
    REQUIRE(n.b.rooms.monitor_scope(reader.who()));
    check_joins(n.a.rooms);
  }
  SECTION("of such a listener") {
    scope_options options;
    options.name = "watched";
    options.listeners = {"audit"};
    n.b.home.name_actor("audit", reader.who());
    REQUIRE(n.b.home.open_scope(options));
    auto there = n.a.home.open_scope("watched").value();
    REQUIRE(there.wait_replicated(std::chrono::minutes{1}));
    check_joins(there);
  }
  CHECK(in_thread_of_caf == 0);
}

TEST_CASE("small frames do not overtake large ones that another thread applies", "[mesh][near]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  near_nodes n;
  const auto rounds = static_cast<int>(testing::repetitions(300));
  for (int i = 0; i < rounds; ++i) {
    const std::size_t size = random() % 4 == 0 ? random() % 200'000 : random() % 100;
    REQUIRE(n.a.rooms.join("k" + std::to_string(i % 10), n.own, std::string(size, 'x')));
  }
  REQUIRE(n.a.rooms.wait_replicated(std::chrono::minutes{1}));
  for (int i = 0; i < 10; ++i) {
    const auto key = "k" + std::to_string(i);
    CHECK(n.b.rooms.count(key) == n.a.rooms.count(key));
  }
  CHECK(gaps_of(n.b) == 0);
}

TEST_CASE("changes and dispatches of a thread arrive in their order", "[mesh][near][dispatch]") {
  near_nodes n;
  std::atomic<std::int64_t> dispatched{0};
  std::atomic<std::int64_t> early{0}; // changes
  std::atomic<std::int64_t> late{0};
  // It handles messages during their delivery.
  const companion witness(n.b.system, [&](const caf::message& what) {
    const auto number = what.get_as<std::int64_t>(0);
    const auto changes = static_cast<std::int64_t>(n.b.rooms.count("numbered"));
    early += std::max<std::int64_t>(changes - (number - 1), 0);
    late += std::max<std::int64_t>(number - 1 - changes, 0);
    dispatched = number;
  });
  REQUIRE(n.b.rooms.join("witness", witness.who()));
  REQUIRE(eventually([&] { return n.a.rooms.count("witness") == 1; }));
  const auto rounds = static_cast<std::int64_t>(testing::repetitions(500));
  for (std::int64_t i = 1; i <= rounds; ++i) {
    REQUIRE(n.a.rooms.dispatch("witness", dispatch_strategy::all(), i) == 1);
    REQUIRE(n.a.rooms.join("numbered", n.own, i));
  }
  CHECK(eventually([&] { return dispatched == rounds; }));
  CHECK(early == 0);
  CHECK(late == 0);
}

TEST_CASE("nodes of version 1 get changes from nodes that write them at once, and the other way round", "[mesh][near]") {
  auto old = testing::loopback();
  old.encryption = "none";
  old.protocol_version = 1;
  std::vector<std::unique_ptr<clustered_node>> nodes;
  nodes.push_back(std::make_unique<clustered_node>(old));
  auto next = testing::loopback({*nodes[0]->home.address()});
  next.encryption = "prefer";
  nodes.push_back(std::make_unique<clustered_node>(next));
  near_nodes n(std::move(nodes));
  const auto there = n.b.spawn_idle();
  for (int i = 0; i < 200; ++i) {
    REQUIRE(n.a.rooms.join("from a", n.own, i));
    REQUIRE(n.b.rooms.join("from b", there, i));
  }
  CHECK(eventually([&] { return n.b.rooms.count("from a") == 200 && n.a.rooms.count("from b") == 200; }));
  CHECK(gaps_of(n.a) + gaps_of(n.b) == 0);
}

TEST_CASE("nodes end while threads write changes to their links", "[mesh][near]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (auto left = testing::repetitions(5); left > 0; --left) {
    auto nodes = cluster_of(2);
    std::atomic<std::size_t> changes{0};
    std::vector<std::jthread> writers;
    for (auto& one : nodes) {
      writers.emplace_back([&changes, rooms = one->rooms, own = one->spawn_idle()](const std::stop_token& end) mutable {
        while (!end.stop_requested() && rooms.join("k", own) && rooms.leave("k", own))
          ++changes;
      });
    }
    const auto enough = random() % 2'000;
    CHECK(eventually([&] { return changes >= enough; }));
    const auto first = random() % 2;
    nodes[first]->home.stop();
    nodes[1 - first]->home.stop();
    writers.clear();
    if (random() % 2 == 0)
      nodes.front().reset();
  }
}

} // namespace registry
