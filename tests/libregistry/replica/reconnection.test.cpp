#include <libregistry/replica/cluster.hpp>

#include <support/catch.hpp>
#include <support/fake_member.hpp>

#include <string>
#include <vector>

namespace registry {

using testing::join_many;
using testing::replica_cluster;
using testing::small_bounds;
using testing::sorted;
using texts = std::vector<std::string>;

TEST_CASE("a lost link changes no entry, and a return gives events only for what changed", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  join_many(a, 50);
  c.settle();
  b.take_events();
  c.disconnect(1, 2);
  CHECK(b.content().size() == 50);
  const auto origin = 1U;
  CHECK(b.r.owner(origin) == a.name());
  CHECK(!b.r.reachable(origin));
  a.join("new", 99, 1);
  a.exit(3);
  c.settle();
  const auto snapshots = a.r.statistics().snapshots_sent;
  c.connect(1, 2);
  c.settle();
  CHECK(b.r.reachable(origin));
  CHECK(b.take_events() == texts{"join \"new\"/99=1 explicit", "leave 3/3=3 down"});
  CHECK(a.r.statistics().snapshots_sent == snapshots);
  CHECK(a.r.statistics().resumes > 0);
  CHECK(c.converged());
}

TEST_CASE("a return after a loss beyond the journal gives the difference, one event per key and verb", "[replica]") {
  auto options = small_bounds();
  options.journal_bytes = 2000;
  replica_cluster c{options};
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  a.join("stays", 1, 1);
  a.join("changes", 2, 1);
  a.join("goes", 3, 1);
  c.settle();
  c.disconnect(1, 2);
  b.take_events();
  for (int i = 0; i < 100; ++i) {
    a.update("changes", 2, i);
    c.settle();
  }
  a.leave("goes", 3);
  a.join("comes", 4, 1);
  a.join("comes", 5, 1);
  c.settle();
  c.connect(1, 2);
  c.settle();
  CHECK(sorted(b.take_events()) ==
        texts{"join \"comes\"/4=1 \"comes\"/5=1 resync", "leave \"goes\"/3=1 resync", "update \"changes\"/2=99 resync"});
  CHECK(c.converged());
}

TEST_CASE("the journal for returning peers keeps few actors in memory", "[replica]") {
  replica_options options;
  options.journal_bytes = 1'000'000;
  replica_cluster c{options};
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  c.settle();
  c.hold(1, 2, true);
  const auto snapshots = a.r.statistics().snapshots_sent;
  constexpr std::uint64_t count = 3'000;
  [[maybe_unused]] const auto before = testing::live_members();
  for (std::uint64_t id = 0; id < count; ++id) {
    a.join(value{id}, id, 1);
    a.exit(id);
    a.drain();
  }
  c.pass(3);
  c.hold(1, 2, false);
  c.settle();
  CHECK(a.r.statistics().snapshots_sent == snapshots); // no frame went that a peer still needed
  CHECK(c.converged());
  c.pass(3);
  CHECK(b.content().empty());
  const auto reached = a.r.statistics().resumes;
  c.disconnect(1, 2);
  c.connect(1, 2);
  c.settle();
  CHECK(a.r.statistics().resumes > reached); // it still knows the last of them
  for (auto* x : {&a, &b}) {
    x->events.clear();
    x->drain();
  }
#ifndef __SANITIZE_THREAD__
  CHECK(testing::live_members() - before < count / 2);
#endif
}

TEST_CASE("an idle reconnection of 100,000 entries moves no content and gives no events", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  for (std::uint64_t id = 0; id < 100'000; ++id)
    a.join(value{id % 1000}, id, value{id});
  c.connect(1, 2);
  c.settle();
  REQUIRE(b.content().size() == 100'000);
  CHECK(b.take_events().size() == 1000);
  CHECK(a.r.statistics().snapshots_sent == 1);
  c.disconnect(1, 2);
  c.connect(1, 2);
  c.frames = 0;
  c.settle();
  CHECK(c.frames < 10);
  CHECK(b.take_events().empty());
  CHECK(a.r.statistics().snapshots_sent == 1);
  CHECK(b.r.in_sync_with(a.name()));
}

TEST_CASE("after a loss of handles everything is fetched again, without events", "[replica]") {
  replica_cluster c;
  c.fresh_handles = true;
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  join_many(a, 10);
  c.settle();
  b.take_events();
  const auto before = (*b.cut().entries.find(value{1}).begin()).who;
  c.disconnect(1, 2);
  c.connect(1, 2, handle_state::lost);
  c.settle();
  const auto after = (*b.cut().entries.find(value{1}).begin()).who;
  CHECK(same_member(before, after));
  CHECK(before.get() != after.get());
  CHECK(b.take_events().empty());
  CHECK(c.converged());
}

TEST_CASE("a link that breaks during a snapshot leaves no part of it", "[replica]") {
  replica_cluster c{small_bounds()};
  auto& a = c.open(1);
  auto& b = c.open(2);
  join_many(a, 500);
  for (int steps = 1; steps < 40; steps += 3) {
    c.connect(1, 2);
    for (int i = 0; i < steps; ++i)
      c.step();
    c.disconnect(1, 2);
    const auto held = b.content().size();
    CHECK((held == 0 || held == 500));
  }
  c.connect(1, 2);
  c.pass(3);
  CHECK(c.converged());
  // Frames of the lost links come late.
  for (const auto& [way, x] : c.lost)
    CHECK(c[way.second].r.receive(c[way.first].name(), x));
  c.pass(10);
  CHECK(c.converged());
  CHECK(b.r.statistics().stale > 0);
}

} // namespace registry
