#include <libregistry/replica/cluster.hpp>

#include <registry/wire/internal/codec.hpp>

#include <support/catch.hpp>

#include <string>
#include <vector>

namespace registry {

using testing::join_many;
using testing::replica_cluster;
using testing::small_bounds;
using testing::sorted;
using texts = std::vector<std::string>;

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

TEST_CASE("a node that opens the scope later gets the existing entries as one event per key", "[replica]") {
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

TEST_CASE("a silence that ends interrupts no stream and repeats nothing", "[replica]") {
  replica_cluster c{small_bounds()};
  auto& a = c.open(1);
  auto& b = c.open(2);
  join_many(a, 300);
  c.connect(1, 2);
  int rounds = 0;
  for (; c.step(); ++rounds) {
    a.r.peer_suspect(b.name());
    b.r.peer_suspect(a.name());
    CHECK(a.r.statistics().snapshots_sent <= 1);
    if (rounds % 2 == 0) {
      a.r.peer_alive_again(b.name());
      b.r.peer_alive_again(a.name());
    }
  }
  CHECK(rounds > 10);
  CHECK(c.converged());
  CHECK(a.r.statistics().snapshots_sent == 1);
  CHECK(b.r.statistics().snapshots_installed == 1);
  b.take_events();
  a.join("k", 999, 1);
  c.settle();
  CHECK(b.take_events().size() == 1);
}

TEST_CASE("the entries of a silent or unlinked peer stay, unreachable", "[replica]") {
  replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  a.join("k", 1, 10);
  c.connect(1, 2);
  c.settle();
  const std::uint32_t origin = 1;
  REQUIRE(b.r.owner(origin) == a.name());
  CHECK(b.r.reachable(origin));
  b.r.peer_suspect(a.name());
  CHECK_FALSE(b.r.reachable(origin));
  CHECK(b.content(a.name()).size() == 1);
  b.r.peer_alive_again(a.name());
  CHECK(b.r.reachable(origin));
  b.r.peer_suspect(a.name());
  b.r.peer_unlinked(a.name());
  b.r.peer_up(a.name());
  CHECK_FALSE(b.r.reachable(origin)); // the new link has not been heard of
  b.r.peer_alive_again(a.name());
  CHECK(b.r.reachable(origin));
}

TEST_CASE("three nodes agree, and none passes on entries of others", "[replica]") {
  replica_cluster c{small_bounds()};
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

TEST_CASE("a closed scope takes its entries with it, and is another stream when opened again", "[replica]") {
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

TEST_CASE("scopes with different key modes exchange nothing and report it once", "[replica]") {
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

TEST_CASE("changes of other nodes are stored without events while nobody observes", "[replica]") {
  replica_cluster c;
  c.unobserved = {2};
  auto& a = c.open(1);
  auto& b = c.open(2);
  c.connect(1, 2);
  c.settle();
  a.join("k", 1, 10);
  b.join("k", 7, 70);
  c.settle();
  a.update("k", 1, 11);
  c.settle();
  b.join("l", 8, 80); // its commit number is beyond those of which there is no event
  c.settle();
  CHECK(c.converged());
  CHECK(b.take_events() == texts{"join \"k\"/7=70 explicit", "join \"l\"/8=80 explicit"});
  CHECK(b.r.statistics().snapshots_sent == 1); // no change of its own was missing
  c.kill(1);
  CHECK(b.take_events().empty());
  CHECK(b.content().size() == 2);
}

TEST_CASE("a key whose entries do not fit into one frame gives one event", "[replica]") {
  replica_cluster c{small_bounds()};
  auto& a = c.open(1);
  for (std::uint64_t id = 1; id <= 200; ++id)
    a.join("crowd", id, value{id});
  auto& b = c.open(2);
  c.connect(1, 2);
  c.settle();
  CHECK(c.converged());
  CHECK(b.take_events().size() == 1);
}

} // namespace registry
