#include <libregistry/replica/cluster.hpp>

#include <registry/wire/codec.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

namespace registry {

namespace {

using testing::replica_cluster;
using testing::replica_node;
using texts = std::vector<std::string>;

texts sorted(texts x) {
  std::sort(x.begin(), x.end());
  return x;
}

/// Small bounds, so that little content passes them.
replica_options small() {
  replica_options out;
  out.window = 4000;
  out.acknowledge_after = 500;
  out.frame_size = 500;
  out.journal_bytes = 20'000;
  return out;
}

void join_many(replica_node& at, std::uint64_t count, std::uint64_t first = 1) {
  for (auto id = first; id < first + count; ++id)
    at.join(value{id % 7}, id, value{id});
}

} // namespace

TEST_CASE("a join, an update, a leave and an exit become the same events on the other node", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  c.settle();
  a.join("k", 1, 10);
  a.join("k", 2, 20);
  a.update("k", 1, 11);
  a.leave("k", 1);
  c.settle();
  CHECK(b.take_events() == texts{"join \"k\"/1=10 explicit", "join \"k\"/2=20 explicit", "update \"k\"/1=11 explicit",
                                 "leave \"k\"/1=11 explicit"});
  a.join("l", 2, 30);
  a.exit(2);
  c.settle();
  CHECK(sorted(b.take_events()) == texts{"join \"l\"/2=30 explicit", "leave \"k\"/2=20 down", "leave \"l\"/2=30 down"});
  CHECK(c.converged());
  CHECK(a.r.statistics().snapshots_sent == 1); // the empty one at the beginning
}

TEST_CASE("whoever opens the scope later gets what is there as one event per key", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  c.connect(1, 2);
  a.join("k", 1, 10);
  a.join("k", 2, 20);
  a.join("l", 1, 30);
  c.settle();
  auto& b = c.open(2);
  b.join("k", 7, 70);
  c.settle();
  CHECK(c.converged());
  CHECK(sorted(b.take_events()) ==
        texts{"join \"k\"/1=10 \"k\"/2=20 resync", "join \"k\"/7=70 explicit", "join \"l\"/1=30 resync"});
  CHECK(a.content().size() == 4);
}

TEST_CASE("three nodes agree, and nobody passes on what belongs to others", "[replica]") {
  replica_cluster c{small()};
  for (std::uint8_t i = 1; i <= 3; ++i)
    join_many(c.open(i), 100);
  c.connect(1, 2);
  c.connect(2, 3);
  c.settle();
  CHECK(c[1].content().size() == 200);
  CHECK(c[2].content().size() == 300);
  c.connect(1, 3);
  c.settle();
  CHECK(c.converged());
}

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

TEST_CASE("after a return beyond the journal the difference is told, one event per key and verb", "[replica]") {
  auto options = small();
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

TEST_CASE("when handles were lost all is fetched again, without events", "[replica]") {
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

TEST_CASE("a node that is down takes its entries with it, and may come back", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  a.join("k", 1, 1);
  a.join("k", 2, 1);
  b.join("k", 3, 1);
  c.settle();
  b.take_events();
  SECTION("lost") {
    c.disconnect(1, 2);
    b.r.peer_down(a.name(), reason::node_down);
    CHECK(b.take_events() == texts{"leave \"k\"/2=1 \"k\"/1=1 node_down"});
    CHECK(!b.r.owner(1));
    CHECK(!b.r.reachable(1));
    // The other side has only suspected.
    c.connect(1, 2);
    c.settle();
    CHECK(b.take_events() == texts{"join \"k\"/1=1 \"k\"/2=1 resync"});
    CHECK(c.converged());
  }
  SECTION("left on purpose") {
    b.r.peer_down(a.name(), reason::drained);
    CHECK(b.take_events() == texts{"leave \"k\"/2=1 \"k\"/1=1 drained"});
  }
  SECTION("replaced by a new process") {
    c.kill(1);
    CHECK(b.take_events() == texts{"leave \"k\"/2=1 \"k\"/1=1 node_down"});
    auto& again = c.open(1, key_mode::duplicate, 2);
    again.join("k", 1, 2);
    c.connect(1, 2);
    c.settle();
    CHECK(b.take_events() == texts{"join \"k\"/1=2 resync"});
    CHECK(c.converged());
  }
}

TEST_CASE("a scope that is closed takes its entries with it, and opened again it is another stream", "[replica]") {
  replica_cluster c;
  auto& b = c.open(2);
  c.open(1).join("k", 1, 1);
  c.connect(1, 2);
  c.settle();
  b.take_events();
  SECTION("with a farewell") {
    c.close(1);
    c.settle();
    CHECK(b.take_events() == texts{"leave \"k\"/1=1 drained"});
    c.open(1).join("k", 1, 2);
    c.settle();
    CHECK(b.take_events() == texts{"join \"k\"/1=2 resync"});
  }
  SECTION("without") {
    c.open(1).join("k", 1, 2);
    c.settle();
    CHECK(b.take_events() == texts{"leave \"k\"/1=1 resync", "join \"k\"/1=2 resync"});
  }
  SECTION("both at once") {
    c.open(1).join("k", 1, 2);
    c.open(2).join("k", 2, 2);
    c.settle();
  }
  CHECK(c.converged());
}

TEST_CASE("scopes of different key modes exchange nothing and say so once", "[replica]") {
  replica_cluster c;
  auto& b = c.open(2, key_mode::unique);
  auto* a = &c.open(1);
  c.connect(1, 2);
  a->join("k", 1, 1);
  c.settle();
  c.pass(100);
  CHECK(a->warnings.size() == 1);
  CHECK(b.warnings.size() == 1);
  CHECK(b.content().empty());
  c.frames = 0;
  c.pass(100);
  CHECK(c.frames == 0);
  c.close(1);
  a = &c.open(1, key_mode::unique);
  a->join("k", 1, 2);
  c.settle();
  CHECK(c.converged());
  CHECK(b.content().size() == 1);
}

TEST_CASE("a peer that does not read costs a window, then catches up from a snapshot", "[replica]") {
  replica_cluster c{small()};
  auto& a = c.open(1);
  auto& b = c.open(2);
  auto& other = c.open(3);
  c.connect(1, 2);
  c.connect(1, 3);
  c.settle();
  c.hold(1, 2, true);
  for (std::uint64_t id = 1; id <= 2000; ++id) {
    a.join(value{id % 7}, id, "some text that makes the entry longer");
    if (id % 20 == 0)
      c.settle();
  }
  CHECK(c.under_way(1, 2) <= c.options.window + 1200);
  CHECK(other.content().size() == 2000);
  c.pass(20);
  c.hold(1, 2, false);
  c.pass(20);
  CHECK(b.content().size() == 2000);
  CHECK(a.r.statistics().overflows > 0);
  CHECK(b.folded() == b.content());
}

TEST_CASE("a snapshot that waits for a peer which does not read is given up and begun anew", "[replica]") {
  replica_cluster c{small()};
  auto& a = c.open(1);
  auto& b = c.open(2);
  join_many(a, 1000);
  c.connect(1, 2);
  for (int i = 0; i < 10; ++i)
    c.step();
  c.hold(1, 2, true);
  c.settle();
  CHECK(b.content().empty());
  for (int i = 0; i < 20; ++i) {
    join_many(a, 100, 10'000 + 100 * static_cast<std::uint64_t>(i));
    c.settle();
  }
  c.pass(10);
  CHECK(a.r.statistics().snapshots_given_up == 1);
  c.hold(1, 2, false);
  c.pass(10);
  CHECK(b.content().size() == 3000);
  CHECK(b.folded() == b.content());
}

TEST_CASE("a link that breaks in the middle of a snapshot leaves nothing of it", "[replica]") {
  replica_cluster c{small()};
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

TEST_CASE("content that was corrupted is found by its digest and repaired", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  join_many(a, 20);
  c.pass(1);
  b.take_events();
  const std::vector<remote_change> harm{{1, verb::leave, reason::explicit_request, value{1}, {{1, {}, {}}}},
                                        {2, verb::update, reason::explicit_request, value{2}, {{2, {}, "wrong"}}}};
  REQUIRE(b.apply(1, harm));
  CHECK(!c.converged());
  b.take_events();
  c.pass(12);
  CHECK(b.r.statistics().mismatches > 0);
  CHECK(sorted(b.take_events()) == texts{"join 1/1=1 resync", "update 2/2=2 resync"});
  CHECK(c.converged());
}

TEST_CASE("a stream in which a frame is missing is repaired", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  c.settle();
  a.join("k", 1, 1);
  a.drain();
  CHECK(a.r.take_outgoing().size() == 1); // lost
  a.join("k", 2, 2);
  c.settle();
  CHECK(b.r.statistics().gaps == 1);
  CHECK(c.converged());
  a.update("k", 2, 3);
  a.drain();
  CHECK(a.r.take_outgoing().size() == 1); // lost, and nothing comes after it
  c.pass(12);
  CHECK(c.converged());
}

TEST_CASE("a snapshot beyond the limits is refused with a warning on both sides", "[replica]") {
  auto options = small();
  options.snapshot_entries = 10;
  replica_cluster c{options};
  auto& a = c.open(1);
  auto& b = c.open(2);
  join_many(a, 11);
  b.join("k", 1, 1);
  c.connect(1, 2);
  c.pass(50);
  CHECK(b.content().size() == 1);
  CHECK(a.content().size() == 12);
  CHECK(a.warnings.size() == 1);
  CHECK(b.warnings.size() == 1);
}

TEST_CASE("a peer that breaks the protocol is reported, and a stranger is ignored", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  CHECK(a.r.receive({9, 9}, frame{}));
  c.open(2);
  c.connect(1, 2);
  c.settle();
  CHECK(a.r.receive({2, 1}, frame{}).error() == errc::malformed);
  CHECK(a.r.receive({2, 1}, encode_frame("another scope", goodbye_message{1})).error() == errc::malformed);
}

} // namespace registry
