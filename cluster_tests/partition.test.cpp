#include <support/hosts.hpp>
#include <support/proxied_pair.hpp>
#include <support/waiting.hpp>

#include <support/seed.hpp>

#include <support/catch.hpp>

using namespace cluster_tests;
using namespace registry::testing;
using namespace std::chrono_literals;

namespace {

launch impatient() {
  launch with;
  with.suspect_after = 2s;
  with.down_after = 5s;
  return with;
}

} // namespace

TEST_CASE("nodes that dial each other at once over a slow line have one link", "[partition]") {
  const auto delay = GENERATE(0ms, 20ms, 150ms);
  CAPTURE(delay.count());
  // Both have dialled before the proxies pass anything on.
  proxied_pair pair{{}, delay};
  REQUIRE(pair.linked());
  CHECK(eventually([&] { return pair.to_a.made() > 0 && pair.to_b.made() > 0; }));
  pair.populate(100);
  CHECK(pair.equal());
  CHECK(pair.a->count() == 200);
  // The superfluous connection has been closed.
  CHECK(eventually([&] { return pair.to_a.open() + pair.to_b.open() == 1; }));
  CHECK(pair.a->logged("is linked") == 1);
  CHECK(pair.b->logged("is linked") == 1);
  CHECK(pair.a->logged("[warning]") == 0);
}

TEST_CASE("a link that is cut again and again costs no event and no entry", "[partition]") {
  proxied_pair pair;
  REQUIRE(pair.linked());
  pair.populate(500);
  REQUIRE(eventually([&] { return pair.a->count() == 1000 && pair.b->count() == 1000; }));
  pair.watch();
  for (int i = 0; i < 10; ++i) {
    pair.cut();
    REQUIRE(eventually([&] { return pair.a->unreachable() == 500 && pair.b->unreachable() == 500; }));
    pair.restore();
    REQUIRE(pair.linked());
  }
  REQUIRE(eventually([&] { return pair.a->unreachable() == 0 && pair.b->unreachable() == 0; }));
  CHECK(pair.equal());
  for (auto* x : {pair.a.get(), pair.b.get()}) {
    CHECK(x->verify() == "");
    CHECK(x->events() == object());
    CHECK(x->logged("is gone") == 0);
  }
}

TEST_CASE("a flapping link under load ends in equal tables and exact events", "[partition]") {
  proxied_pair pair;
  REQUIRE(pair.linked());
  pair.watch();
  for (auto* x : {pair.a.get(), pair.b.get()})
    x->ask(object("do", "start_load", "prefix", x->self(), "rate", 2000, "keys", 500));
  for (int i = 0; i < 10; ++i) {
    pair.cut();
    outlast(std::chrono::milliseconds{10 << (i % 5)});
    pair.restore();
    outlast(std::chrono::milliseconds{10 << (i % 7)});
  }
  REQUIRE(pair.linked());
  for (auto* x : {pair.a.get(), pair.b.get()})
    CHECK(number(x->ask(object("do", "stop_load", "prefix", x->self())), "failures") == 0);
  CHECK(pair.equal());
  CHECK(pair.a->verify() == "");
  CHECK(pair.b->verify() == "");
}

TEST_CASE("a silence is noticed in time, and both sides are one cluster after it", "[partition]") {
  proxied_pair pair{impatient()};
  REQUIRE(pair.linked());
  pair.populate(100);
  pair.watch();
  pair.silence();
  const auto suspected = time_until([&] { return pair.a->unreachable() == 100 && pair.b->unreachable() == 100; });
  CHECK(suspected < when_busy(impatient().suspect_after + 1s));
  const auto gone = suspected + time_until([&] { return pair.a->count() == 100 && pair.b->count() == 100; });
  CHECK(gone < when_busy(impatient().down_after + 1s));
  pair.a->join("news");
  pair.b->join("other news");
  pair.restore();
  CHECK(pair.linked());
  CHECK(eventually([&] { return pair.a->count() == 202; }));
  CHECK(pair.equal());
  for (auto* x : {pair.a.get(), pair.b.get()}) {
    CHECK(x->verify() == "");
    CHECK(x->events() == object("leave/node_down", 100, "join/explicit", 1, "join/resync", 101));
  }
}

TEST_CASE("a silent wire parts a cluster, which is one again after it", "[partition]") {
  if (network_is_missing())
    return;
  const network net{4};
  const auto cluster = nodes_on(net, 4, impatient());
  for (const auto& x : cluster)
    x->ask(object("do", "populate", "prefix", x->self(), "keys", 100));
  for (const auto& x : cluster) {
    REQUIRE(eventually([&] { return x->count() == 400; }));
    x->watch();
  }
  net.part({0, 1}, {2, 3});
  const auto gone = time_until(
      [&] { return std::all_of(cluster.begin(), cluster.end(), [](const auto& x) { return x->count() == 200; }); });
  CHECK(gone < when_busy(impatient().down_after + 1s));
  for (std::size_t i = 0; i < 4; ++i) {
    const auto done = cluster[i]->ask(object("do", "change", "prefix", "part" + std::to_string(i), "changes", 3000, "keys",
                                             500, "seed", static_cast<std::int64_t>((registry::testing::seed() + i) >> 1)));
    CHECK(number(done, "failures") == 0);
  }
  CHECK(eventually([&] { return cluster[0]->digest() == cluster[1]->digest(); }));
  CHECK(eventually([&] { return cluster[2]->digest() == cluster[3]->digest(); }));
  net.heal({0, 1}, {2, 3});
  CHECK(all_linked(cluster));
  CHECK(all_equal(cluster));
  for (const auto& x : cluster)
    CHECK(x->verify() == "");
}

TEST_CASE("a wire that carries one direction only is a partition that heals", "[partition]") {
  if (network_is_missing())
    return;
  const network net{3};
  const auto cluster = nodes_on(net, 3, impatient());
  for (const auto& x : cluster)
    x->ask(object("do", "populate", "prefix", x->self(), "keys", 100));
  for (const auto& x : cluster) {
    REQUIRE(eventually([&] { return x->count() == 300; }));
    x->watch();
  }
  net.cut(0, 1);
  // The second gets nothing from the first, and so acknowledges nothing to it.
  const auto gone = time_until([&] { return cluster[1]->count() == 200; });
  CHECK(gone < when_busy(impatient().down_after + 1s));
  CHECK(eventually([&] { return cluster[0]->count() == 200; }));
  CHECK(cluster[2]->count() == 300);
  cluster[0]->join("news");
  cluster[1]->join("other news");
  net.restore(0, 1);
  CHECK(all_linked(cluster));
  CHECK(eventually([&] { return cluster[2]->count() == 302; }));
  CHECK(all_equal(cluster));
  for (const auto& x : cluster)
    CHECK(x->verify() == "");
  CHECK(cluster[2]->events() == object("join/explicit", 2));
}
