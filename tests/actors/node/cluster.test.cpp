#include <node/clustered_node.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>
#include <registry/compat/version.hpp>

#include <support/catch.hpp>

#include <caf/actor_system_config.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace registry {

using testing::cluster_of;
using testing::clustered_node;
using testing::eventually;
using testing::loopback;

namespace {

/// Counts of each verb and reason seen by a subscription to a whole scope.
struct tally {
  std::map<std::pair<verb, reason>, std::size_t> count;

  void take(caf::scoped_actor& self) {
    self->receive([this](const events& pending) {
      const auto batch = pending.take();
      for (const auto& change : batch.changes)
        count[{change->what, change->why}] += change->entries.size();
    });
  }
};

} // namespace

TEST_CASE("a join on one node is visible on another", "[mesh]") {
  const auto nodes = cluster_of(2);
  auto& a = *nodes[0];
  auto& b = *nodes[1];
  const auto ann = a.spawn_idle();
  REQUIRE(a.rooms.join("lobby", ann, object("nick", "ann")));
  REQUIRE(eventually([&] { return b.rooms.count("lobby") == 1; }));
  const auto entries = b.rooms.lookup("lobby");
  CHECK(entries[0].data == object("nick", "ann"));
  CHECK_FALSE(entries[0].is_local());
  CHECK(b.rooms.reachable(entries[0]));
  CHECK(b.rooms.owner(entries[0]) == a.home.self());
  CHECK(b.rooms.lookup_local("lobby").empty());
  CHECK(b.rooms.join("lobby", entries[0].who).error() == errc::not_local);
  CHECK(b.rooms.leave("lobby", entries[0].who).error() == errc::not_joined);

  REQUIRE(a.rooms.update_value("lobby", ann, object("nick", "anna")));
  CHECK(eventually([&] { return b.rooms.lookup("lobby")[0].data == object("nick", "anna"); }));
  REQUIRE(a.rooms.leave("lobby", ann));
  CHECK(eventually([&] { return b.rooms.count() == 0; }));
}

TEST_CASE("a handle from another node works", "[mesh]") {
  const auto nodes = cluster_of(2);
  auto& a = *nodes[0];
  auto& b = *nodes[1];
  REQUIRE(a.rooms.join("echo", a.spawn_idle()));
  REQUIRE(eventually([&] { return b.rooms.count("echo") == 1; }));
  const auto echo = caf::actor_cast<caf::actor>(b.rooms.lookup("echo")[0].who);
  std::string answer;
  compat::request(b.self, echo, std::chrono::seconds{30}, std::string{"hello"})
      .receive([&](const std::string& x) { answer = x; }, [](const caf::error&) { FAIL("no answer"); });
  CHECK(answer == "hello");
}

TEST_CASE("a late node gets everything, with events", "[mesh]") {
  const auto first = cluster_of(1);
  auto& a = *first[0];
  for (int i = 0; i < 1000; ++i)
    REQUIRE(a.rooms.join(value{i % 10}, a.spawn_idle(), value{i}));
  clustered_node late{loopback({*a.home.address()})};
  const auto start = late.rooms.monitor_scope(late.self);
  REQUIRE(start);
  tally seen;
  auto known = start.value().snapshot.size();
  while (known < 1000) {
    seen.take(late.self);
    known = start.value().snapshot.size() + seen.count[{verb::join, reason::resync}];
  }
  CHECK(known == 1000);
  CHECK(late.rooms.count() == 1000);
}

TEST_CASE("entries of an actor that ends leave everywhere", "[mesh]") {
  const auto nodes = cluster_of(3);
  const auto ann = nodes[0]->spawn_idle();
  REQUIRE(nodes[0]->rooms.join("lobby", ann));
  for (const auto& one : nodes)
    REQUIRE(eventually([&] { return one->rooms.count() == 1; }));
  REQUIRE(nodes[2]->rooms.monitor_scope(nodes[2]->self));
  registry::kill(ann);
  tally seen;
  seen.take(nodes[2]->self);
  CHECK(seen.count[{verb::leave, reason::down}] == 1);
  CHECK(eventually([&] { return nodes[1]->rooms.count() == 0; }));
}

TEST_CASE("a node that stops takes its entries with it", "[mesh]") {
  auto nodes = cluster_of(3);
  for (const auto& one : nodes)
    REQUIRE(one->rooms.join("lobby", one->spawn_idle()));
  for (const auto& one : nodes)
    REQUIRE(eventually([&] { return one->rooms.count() == 3; }));
  REQUIRE(nodes[1]->rooms.monitor_scope(nodes[1]->self));
  SECTION("by the way") {
    nodes[0].reset();
  }
  SECTION("after it was drained") {
    REQUIRE(nodes[0]->home.drain());
  }
  tally seen;
  seen.take(nodes[1]->self);
  CHECK(seen.count[{verb::leave, reason::drained}] == 1);
  CHECK(eventually([&] { return nodes[2]->rooms.count() == 2; }));
  CHECK(eventually([&] { return nodes[2]->home.peers().size() == 1; }));
}

TEST_CASE("scopes open and close independently on each node", "[mesh]") {
  const auto nodes = cluster_of(2);
  auto& a = *nodes[0];
  auto& b = *nodes[1];
  auto games = a.home.open_scope("games").value();
  REQUIRE(games.join("chess", a.spawn_idle()));
  auto there = b.home.open_scope("games").value();
  REQUIRE(eventually([&] { return there.count() == 1; }));
  REQUIRE(there.join("go", b.spawn_idle()));
  REQUIRE(eventually([&] { return games.count() == 2; }));
  REQUIRE(a.home.close_scope("games"));
  CHECK(eventually([&] { return there.count() == 1; }));
  games = a.home.open_scope("games").value();
  CHECK(eventually([&] { return games.count() == 1; }));
}

TEST_CASE("scopes of one name with different key modes stay separate", "[mesh]") {
  const auto nodes = cluster_of(2);
  auto one = nodes[0]->home.open_scope("names", key_mode::unique).value();
  auto other = nodes[1]->home.open_scope("names", key_mode::duplicate).value();
  REQUIRE(one.join("ann", nodes[0]->spawn_idle()));
  REQUIRE(other.join("bob", nodes[1]->spawn_idle()));
  // A later join in an agreeing scope has arrived after anything that could have come from the other.
  REQUIRE(nodes[0]->rooms.join("k", nodes[0]->spawn_idle()));
  REQUIRE(nodes[1]->rooms.join("k", nodes[1]->spawn_idle()));
  for (const auto& node : nodes)
    REQUIRE(eventually([&] { return node->rooms.count() == 2; }));
  CHECK(one.count() == 1);
  CHECK(other.count() == 1);
}

TEST_CASE("a unique key may have one holder on every node", "[mesh]") {
  const auto nodes = cluster_of(2);
  std::vector<scope> names;
  for (const auto& node : nodes) {
    names.push_back(node->home.open_scope("names", key_mode::unique).value());
    REQUIRE(names.back().join("ann", node->spawn_idle()));
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    REQUIRE(eventually([&] { return names[i].count("ann") == 2; }));
    CHECK(names[i].join("ann", nodes[i]->spawn_idle()).error() == errc::already_registered);
    CHECK(names[i].whereis("ann").value() == names[i].lookup_local("ann")[0].who);
  }
}

TEST_CASE("a caller can wait until the nodes have the same content", "[mesh]") {
  using std::chrono::minutes;
  const auto nodes = cluster_of(3);
  auto& a = *nodes[0];
  auto& b = *nodes[1];
  for (int i = 0; i < 500; ++i)
    REQUIRE(a.rooms.join(value{i}, a.spawn_idle()));
  REQUIRE(a.rooms.wait_replicated(minutes{1}));
  CHECK(b.rooms.count() == 500);
  CHECK(nodes[2]->rooms.count() == 500);
  // The third node never opens this one.
  auto games = a.home.open_scope("games").value();
  REQUIRE(games.join("chess", a.spawn_idle()));
  auto there = b.home.open_scope("games").value();
  REQUIRE(there.wait_synced(minutes{1}));
  CHECK(there.count() == 1);
  REQUIRE(games.join("go", a.spawn_idle()));
  REQUIRE(games.wait_replicated(minutes{1}));
  CHECK(there.count() == 2);
}

TEST_CASE("a node that is alone is in sync", "[mesh]") {
  system_config config;
  caf::actor_system system{config};
  auto home = node::start(system).value();
  const auto rooms = home.open_scope("rooms").value();
  CHECK(rooms.wait_synced(std::chrono::milliseconds{0}));
  CHECK(rooms.wait_replicated(std::chrono::milliseconds{0}));
  home.stop();
  CHECK(rooms.wait_synced(std::chrono::milliseconds{0}).error() == errc::scope_closed);
}

TEST_CASE("the thread that receives messages from other nodes also reads them, unless CAF's defaults are kept", "[mesh]") {
  const std::string option = REGISTRY_CAF_0_17 ? "middleman.workers" : "caf.middleman.workers";
  constexpr auto none = std::size_t{99};
  CHECK(caf::get_or(clustered_system_config{}, option, none) == 0);
  CHECK(caf::get_or(clustered_system_config{caf_defaults::kept}, option, none) != 0);
}

TEST_CASE("nodes with and without middleman workers stay in sync", "[mesh]") {
  clustered_node a{loopback(), caf_defaults::kept};
  clustered_node b{loopback({*a.home.address()}), caf_defaults::kept};
  clustered_node c{loopback({*a.home.address()})};
  const auto content = [](const clustered_node& x) {
    std::multiset<std::string> out;
    x.rooms.snapshot().for_each([&](const value& key, const group& entries) {
      for (const auto& held : entries)
        out.insert(to_string(key) + to_string(held.data));
    });
    return out;
  };
  constexpr int keys = 20;
  for (auto* one : {&a, &b, &c}) {
    const auto who = one->spawn_idle();
    for (int i = 0; i < 2'000; ++i) {
      REQUIRE(one->rooms.join(i % keys, who, i));
      if (i % 2 == 0)
        REQUIRE(one->rooms.leave(i % keys, who));
      else
        REQUIRE(one->rooms.update_value(i % keys, who, -i));
    }
  }
  CHECK(eventually([&] { return content(a).size() == 3'000 && content(a) == content(b) && content(a) == content(c); }));
}

} // namespace registry
