#include <support/fixture.hpp>

#include <support/catch.hpp>
#include <support/waiting.hpp>

#include <atomic>
#include <cstdint>
#include <thread>

namespace registry {

using testing::one_node;

namespace {

/// Kills the actor of a scope and returns when it has a successor.
void crash(one_node& n, const scope& where) {
  const auto before = where.actor();
  registry::kill(before);
  n.self->wait_for(before);
  one_node::wait_until([&] { return where.actor() != before; });
}

} // namespace

TEST_CASE("a scope whose actor crashed loses nothing", "[restart]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann, 1));
  REQUIRE(n.rooms.put_meta("topic", "news"));
  REQUIRE(n.rooms.monitor_scope(n.self));
  crash(n, n.rooms);
  REQUIRE(n.rooms.join("k", bob, 2));
  CHECK(n.rooms.count("k") == 2);
  CHECK(n.rooms.meta("topic").value() == value{"news"});
  CHECK(n.ask(n.rooms, count_request{}) == value{2});
  n.rooms.flush();
  CHECK(n.taken_events().size() == 1);
  // The successor monitors actors that joined before it existed.
  n.end_and_wait(ann, n.rooms);
  CHECK(n.rooms.members("k") == std::vector<member>{bob});
  CHECK(n.taken_events().size() == 1);
}

TEST_CASE("no state is kept of requests to a crashed actor", "[restart]") {
  one_node n;
  const auto before = n.rooms.actor();
  const auto kept = caf::actor_cast<caf::weak_actor_ptr>(before);
  auto pending = compat::request(n.self, before, std::chrono::seconds{60}, await_request{"k", 60'000});
  n.ask(n.rooms, count_request{}); // the request has been taken
  crash(n, n.rooms);
  std::move(pending).receive([](const value&) { FAIL("nobody has joined"); }, [](const caf::error&) {});
  const auto use_count = [&] { return kept->strong_refs.load(); };
  // The last ones belong to this test and its own waiting.
  one_node::wait_until([&] { return use_count() <= 1; });
}

TEST_CASE("all members that terminate at once are removed, even while the scope has no actor", "[restart]") {
  constexpr int size = 2'000;
  for (const bool crashes : {false, true}) {
    one_node n;
    std::vector<member> members;
    for (int i = 0; i < size; ++i) {
      members.push_back(n.spawn_idle());
      REQUIRE(n.rooms.join(i % 10, members.back(), i));
    }
    REQUIRE(n.rooms.monitor_scope(n.self));
    n.rooms.flush();
    if (crashes)
      registry::kill(n.rooms.actor());
    for (const auto& who : members)
      registry::kill(who);
    n.wait_until([&] { return n.rooms.count() == 0; });
    n.rooms.flush();
    std::size_t removed = 0;
    for (const auto& x : n.taken_events()) {
      CHECK(x->what == verb::leave);
      CHECK(x->why == reason::down);
      removed += x->entries.size();
    }
    CHECK(removed == size);
  }
}

TEST_CASE("all members that terminate at once are removed, even if nobody observes the scope", "[restart]") {
  one_node n;
  std::vector<member> members;
  for (int i = 0; i < 2'000; ++i) {
    members.push_back(n.spawn_idle());
    REQUIRE(n.rooms.join(i % 10, members.back(), i));
  }
  n.rooms.flush();
  for (const auto& who : members)
    registry::kill(who);
  n.wait_until([&] { return n.rooms.count() == 0; });
}

TEST_CASE("events stay exact while the scope actor is killed again and again", "[restart]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.monitor_scope(n.self));
  std::atomic<bool> done{false};
  std::atomic<int> crashes{0};
  std::uint64_t made = 0;
  std::atomic<std::uint64_t> seen{0};
  std::thread writer{[&] {
    for (int i = 0; i < 20'000 || crashes < 10; ++i) {
      testing::eventually([&] { return made - seen <= 50'000; }); // below subscription_limit
      made += n.rooms.join(i, ann, i) ? 1 : 0;
      made += n.rooms.leave(i, ann) ? 1 : 0;
    }
    done = true;
  }};
  std::uint64_t last = 0;
  const auto check = [&] {
    for (const auto& x : n.taken_events()) {
      CHECK(x->commit == last + 1);
      last = x->commit;
      ++seen;
    }
  };
  while (!done) {
    crash(n, n.rooms);
    ++crashes;
    check();
  }
  writer.join();
  n.rooms.flush();
  check();
  CHECK(made >= 40'000);
  CHECK(seen == made);
  CHECK(n.rooms.count() == 0);
}

TEST_CASE("a crash in one scope does not affect another", "[restart]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.names.join("boss", ann));
  const auto other = n.names.actor();
  crash(n, n.rooms);
  CHECK(n.names.actor() == other);
  CHECK(n.names.whereis("boss").value() == ann);
}

} // namespace registry
