#include <support/remote_node.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

using namespace cluster_tests;
using namespace registry::testing;

TEST_CASE("joins, updates and leaves of a process are seen by all others", "[sharing]") {
  const auto cluster = cluster_of(3);
  auto& a = *cluster[0];
  const auto ann = a.join("lobby", object("nick", "ann"));
  for (const auto& x : cluster) {
    REQUIRE(eventually([&] { return x->count("lobby") == 1; }));
    const auto entry = x->lookup("lobby")[0];
    CHECK(field(entry, "data") == object("nick", "ann"));
    CHECK(field(entry, "reachable") == value{true});
    CHECK(field(entry, "local") == value{x == cluster[0]});
    CHECK(field(entry, "owner") == value{a.self()});
  }
  a.ask(object("do", "update", "key", "lobby", "member", ann, "data", object("nick", "anna")));
  for (const auto& x : cluster)
    CHECK(eventually([&] { return field(x->lookup("lobby")[0], "data") == object("nick", "anna"); }));
  a.ask(object("do", "leave", "key", "lobby", "member", ann));
  for (const auto& x : cluster)
    CHECK(eventually([&] { return x->count() == 0; }));
}

TEST_CASE("nodes may listen on IPv6", "[sharing]") {
  launch with;
  with.listen = "[::1]:0";
  const auto cluster = cluster_of(2, with);
  cluster[0]->join("lobby");
  CHECK(eventually([&] { return cluster[1]->count() == 1; }));
}

TEST_CASE("an actor that ends in one process leaves in all, with the reason in the event", "[sharing]") {
  const auto cluster = cluster_of(2);
  const auto& a = cluster[0];
  const auto& b = cluster[1];
  b->watch();
  const auto ann = a->join("lobby");
  a->ask(object("do", "join", "key", "games", "member", ann));
  REQUIRE(eventually([&] { return b->count() == 2; }));
  a->ask(object("do", "kill", "member", ann));
  CHECK(eventually([&] { return b->count() == 0; }));
  CHECK(b->verify() == "");
  CHECK(b->events() == object("join/explicit", 2, "leave/down", 2));
}

TEST_CASE("a scope whose actor crashes goes on, and nobody elsewhere notices", "[sharing]") {
  const auto cluster = cluster_of(2);
  const auto& a = cluster[0];
  const auto& b = cluster[1];
  const auto ann = a->join("lobby", 1);
  REQUIRE(eventually([&] { return b->count() == 1; }));
  b->watch();
  a->watch();
  for (int i = 0; i < 10; ++i)
    a->ask(object("do", "crash"));
  a->ask(object("do", "update", "key", "lobby", "member", ann, "data", 2));
  REQUIRE(eventually([&] { return field(b->lookup("lobby")[0], "data") == value{2}; }));
  CHECK(b->verify() == "");
  CHECK(b->events() == object("update/explicit", 1));
  // Its successor monitors the earlier members.
  a->ask(object("do", "kill", "member", ann));
  CHECK(eventually([&] { return b->count() == 0; }));
  CHECK(a->verify() == "");
  CHECK(a->events() == object("update/explicit", 1, "leave/down", 1));
}

TEST_CASE("a unique key is held once in each process", "[sharing]") {
  const auto cluster = cluster_of(2);
  for (const auto& x : cluster)
    x->ask(object("do", "join", "scope", "names", "key", "boss"));
  for (const auto& x : cluster) {
    CHECK(eventually([&] { return x->lookup("boss", "names").size() == 2; }));
    const auto refusal = x->refusal_of(object("do", "join", "scope", "names", "key", "boss"));
    CHECK(refusal.find("already_registered") != std::string::npos);
  }
}

TEST_CASE("processes with entries from before they met share them all, with events", "[sharing]") {
  launch with;
  remote_node a{with};
  a.ask(object("do", "populate", "prefix", "a", "keys", 5000));
  a.watch();
  with.seeds = {a.address()};
  remote_node b{with};
  b.watch();
  REQUIRE(eventually([&] { return b.count() == 5000; }));
  a.ask(object("do", "wait_synced"));
  CHECK(b.verify() == "");
  const auto seen = b.events();
  const bool resync_only = seen == object("join/resync", 5000) || seen == object();
  CHECK(resync_only); // no event if the entries came before the subscription
  // Changes after the first synchronisation are events of their own.
  b.ask(object("do", "populate", "prefix", "b", "keys", 1000));
  REQUIRE(eventually([&] { return a.count() == 6000; }));
  CHECK(a.verify() == "");
  CHECK(a.events() == object("join/explicit", 1000));
  CHECK(a.digest() == b.digest());
}

TEST_CASE("waiting for the replication, or for the synchronisation, is enough to have all entries", "[sharing]") {
  const auto cluster = cluster_of(3);
  cluster[0]->ask(object("do", "populate", "prefix", "a", "keys", 5000));
  cluster[0]->ask(object("do", "wait_replicated"));
  CHECK(cluster[1]->count() == 5000);
  CHECK(cluster[2]->count() == 5000);
  launch with;
  with.seeds = {cluster[1]->address()};
  remote_node late{with};
  REQUIRE(eventually([&] { return late.links() == 3; }));
  late.ask(object("do", "wait_synced"));
  CHECK(late.count() == 5000);
}

TEST_CASE("a process that joins a busy cluster late catches up exactly", "[sharing]") {
  launch with;
  auto cluster = cluster_of(2);
  for (const auto& x : cluster)
    x->ask(object("do", "start_load", "prefix", x->self(), "rate", 1000, "keys", 300));
  with.seeds = {cluster[1]->address()};
  cluster.push_back(std::make_unique<remote_node>(with));
  cluster[2]->watch();
  REQUIRE(all_linked(cluster));
  REQUIRE(eventually([&] { return cluster[2]->count() > 100; }));
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(number(cluster[i]->ask(object("do", "stop_load", "prefix", cluster[i]->self())), "failures") == 0);
  CHECK(all_equal(cluster));
  CHECK(cluster[2]->verify() == "");
}

TEST_CASE("the first subscriber of a busy process gets every change from then on", "[sharing]") {
  const auto cluster = cluster_of(3);
  for (const auto& x : cluster)
    x->ask(object("do", "start_load", "prefix", x->self(), "rate", 1000, "keys", 300));
  auto& watched = *cluster[1];
  REQUIRE(eventually([&] { return watched.count() > 100; }));
  watched.watch();
  cluster[2]->kill();
  // The load goes on beside the purge for a while.
  REQUIRE(eventually([&] { return watched.links() == 1; }));
  REQUIRE(eventually([&] { return watched.count() > 100; }));
  for (const auto i : {0U, 1U})
    CHECK(number(cluster[i]->ask(object("do", "stop_load", "prefix", cluster[i]->self())), "failures") == 0);
  CHECK(eventually([&] { return watched.digest() == cluster[0]->digest(); }));
  CHECK(watched.verify() == "");
}

TEST_CASE("a dispatch reaches members in all processes", "[sharing]") {
  const auto cluster = cluster_of(3);
  for (const auto& x : cluster)
    x->join("crowd", {}, 20);
  for (const auto& x : cluster)
    REQUIRE(eventually([&] { return x->count("crowd") == 60; }));
  auto& a = *cluster[0];
  const auto dispatch = [&](const char* strategy, std::int64_t times, std::int64_t count) {
    for (std::int64_t i = 0; i < times; ++i)
      REQUIRE(a.ask(object("do", "dispatch", "key", "crowd", "strategy", strategy)) == object("count", count));
  };
  const auto received = [](remote_node& x) { return number(x.ask(object("do", "status")), "received"); };
  const auto all_received = [&](std::int64_t count) {
    return eventually([&] {
      std::int64_t sum = 0;
      for (const auto& x : cluster)
        sum += received(*x);
      return sum == count;
    });
  };
  dispatch("all", 1, 60);
  CHECK(all_received(60));
  for (const auto& x : cluster)
    CHECK(received(*x) == 20);
  dispatch("local_first", 30, 1);
  CHECK(all_received(90));
  CHECK(received(a) == 50);
  dispatch("round_robin", 60, 1);
  CHECK(all_received(150));
  CHECK(received(a) == 70);
  CHECK(received(*cluster[1]) == 40);
  dispatch("random", 100, 1);
  CHECK(all_received(250));
  // A third of the time each: one of them gets none with a probability below 1e-17.
  for (const auto& x : cluster)
    CHECK(received(*x) > (x == cluster[0] ? 70 : 40));
}
