#include <libregistry/replica/cluster.hpp>

#include <support/catch.hpp>

#include <set>
#include <string>
#include <vector>

namespace registry {

using testing::join_many;
using testing::replica_cluster;
using testing::small_bounds;
using testing::sorted;
using texts = std::vector<std::string>;

TEST_CASE("a peer that does not read costs a window, then catches up from a snapshot", "[replica]") {
  replica_cluster c{small_bounds()};
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
  REQUIRE(a.notes.size() == 1);
  CHECK(a.notes.begin()->starts_with("it reads more slowly than entries change"));
  CHECK(b.folded() == b.content());
}

TEST_CASE("a peer that asks again and again costs one window", "[replica]") {
  replica_cluster c{small_bounds()};
  auto& a = c.open(1);
  auto& b = c.open(2);
  join_many(a, 1000);
  c.hold(1, 2, true);
  c.connect(1, 2);
  c.pass(100); // its requests arrive, and the answers do not
  constexpr std::size_t first_frames = 10 * 100;
  CHECK(c.under_way(1, 2) >= c.options.window);
  CHECK(c.under_way(1, 2) <= c.options.window + 1200 + first_frames);
  c.hold(1, 2, false);
  c.settle();
  c.pass(3);
  CHECK(b.content() == a.content());
}

TEST_CASE("a snapshot for a peer that does not read is dropped and restarted", "[replica]") {
  replica_cluster c{small_bounds()};
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
  REQUIRE_FALSE(a.notes.empty());
  CHECK(a.notes.begin()->starts_with("it reads nothing"));
  c.hold(1, 2, false);
  c.pass(10);
  CHECK(b.content().size() == 3000);
  CHECK(b.folded() == b.content());
}

TEST_CASE("corrupted content is detected by its digest and repaired", "[replica]") {
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
  CHECK(b.notes == std::set<std::string>{"its entries differ from what is here of them, and are fetched again"});
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
  CHECK(b.notes == std::set<std::string>{"changes of it are missing, and all of its entries are fetched again"});
  CHECK(c.converged());
  a.update("k", 2, 3);
  a.drain();
  CHECK(a.r.take_outgoing().size() == 1); // lost, and nothing comes after it
  c.pass(12);
  CHECK(c.converged());
}

TEST_CASE("a snapshot beyond the limits is refused with a warning on both sides", "[replica]") {
  auto options = small_bounds();
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

} // namespace registry
