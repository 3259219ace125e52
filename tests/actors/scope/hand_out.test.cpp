#include <support/fixture.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <chrono>

namespace registry {

using testing::eventually;
using testing::held_worker;

namespace {

/// A node whose actors take turns on one thread, and the test as a subscriber of a scope.
struct one_worker_node : testing::one_node {
  one_worker_node() : one_node(1) { REQUIRE(rooms.monitor_scope(self)); }

  /// The number of changes in the mailbox of the test.
  std::size_t changes_here() { return taken_events().size(); }
  /// Returns when the scope's actor has handled its wake-up.
  void let_the_actor_rest() {
    rooms.flush();
    ask(rooms, count_request{});
    changes_here();
  }

  member owner = spawn_idle();
};

} // namespace

TEST_CASE("after a pause the thread that commits a change distributes it", "[scope][hand_out]") {
  one_worker_node n;
  for (int round = 0; round < 50; ++round) {
    n.let_the_actor_rest();
    const held_worker nobody_else(n.system);
    testing::outlast(std::chrono::milliseconds{1});
    REQUIRE(n.rooms.join("k", n.owner, round));
    REQUIRE(n.changes_here() == 1);
  }
}

TEST_CASE("the thread that commits a change does not distribute it to many", "[scope][hand_out]") {
  constexpr std::size_t subscriptions = 20;
  one_worker_node n;
  for (std::size_t i = 1; i < subscriptions; ++i)
    REQUIRE(n.rooms.monitor_scope(n.self));
  n.let_the_actor_rest();
  {
    const held_worker nobody_else(n.system);
    testing::outlast(std::chrono::milliseconds{1});
    REQUIRE(n.rooms.join("k", n.owner));
    CHECK(n.changes_here() == 0);
  }
  std::size_t seen = 0;
  CHECK(eventually([&] { return (seen += n.changes_here()) == subscriptions; }));
}

TEST_CASE("changes committed while no actor has a turn are distributed completely when one has", "[scope][hand_out]") {
  constexpr std::size_t changes = 1000;
  one_worker_node n;
  std::size_t seen = 0;
  {
    const held_worker nobody_else(n.system);
    for (std::size_t i = 0; i < changes; ++i)
      REQUIRE(n.rooms.join("k", n.owner, i));
    seen = n.changes_here();
  }
  CHECK(eventually([&] { return (seen += n.changes_here()) == changes; }));
}

TEST_CASE("the last change of a burst of any length arrives without a further change", "[scope][hand_out]") {
  testing::one_node n;
  REQUIRE(n.rooms.monitor_scope(n.self));
  const auto ann = n.spawn_idle();
  for (std::size_t length = 1; length <= 60; ++length) {
    for (std::size_t i = 0; i < length; ++i)
      REQUIRE(n.rooms.join("k", ann, i));
    std::size_t seen = 0;
    REQUIRE(eventually([&] { return (seen += n.taken_events().size()) == length; }));
  }
}

} // namespace registry
