#include <recording/check.hpp>
#include <recording/nodes.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

using namespace cluster_tests;
using namespace registry::testing;

namespace {

launch in_cluster(const std::string& name) {
  launch with;
  with.where.environment = {"SPDLOG_LEVEL=debug"};
  with.cluster = name;
  with.arguments = {"--protocol-version=1", "--encryption=none"};
  with.heartbeat_interval = std::chrono::milliseconds{500};
  return with;
}

launch with_seed(launch with, const recorded_node& seed) {
  with.seeds = {seed.way.address()};
  return with;
}

void settle(recorded_node& a, recorded_node& b) {
  for (auto* x : {&a, &b}) {
    (*x)->ask(object("do", "wait_synced"));
    (*x)->ask(object("do", "wait_replicated"));
  }
  REQUIRE(eventually([&] { return a->digest() == b->digest(); }));
}

/// Members come, change and go, one by one and together.
void change_things(recorded_node& a, recorded_node& b) {
  a->join("crowd", object("from", "a"), 2);
  const auto first = b->join("crowd", object("from", "b"), 3);
  const auto boss = b->join("boss", 1);
  b->ask(object("do", "update", "key", "boss", "member", boss, "data", object("rank", 2)));
  b->ask(object("do", "join", "key", "boss", "member", first));
  b->ask(object("do", "leave", "key", "boss", "member", boss));
  const auto mortal = a->join("mortal", "soon gone");
  a->ask(object("do", "join", "key", "mortal too", "member", mortal));
  a->ask(object("do", "kill", "member", mortal));
  for (auto* x : {&a, &b})
    (*x)->ask(object("do", "join", "scope", "names", "key", "captain", "data", (*x)->self()));
  settle(a, b);
}

/// Messages to actors of the other node, to one and to several.
void send_messages(recorded_node& a, recorded_node& b) {
  const auto received = [](recorded_node& x) { return number(x->ask(object("do", "status")), "received"); };
  CHECK(a->ask(object("do", "dispatch", "key", "crowd", "strategy", "all")) == object("count", 5));
  CHECK(a->ask(object("do", "dispatch", "key", "boss", "strategy", "random")) == object("count", 1));
  CHECK(eventually([&] { return received(a) == 2 && received(b) == 4; }));
  b->ask(object("do", "offer", "key", "scope actor"));
  REQUIRE(eventually([&] { return a->count("scope actor") == 1; }));
  CHECK(number(a->ask(object("do", "call", "key", "scope actor")), "count") == a->count());
}

/// A scope that one has and the other has not, in two modes, and closed.
void open_and_close(recorded_node& a, recorded_node& b) {
  a->ask(object("do", "open", "scope", "mixed"));
  a->join("not in mixed");
  a->ask(object("do", "join", "scope", "mixed", "key", "k", "data", 1));
  b->ask(object("do", "open", "scope", "mixed", "unique", true));
  REQUIRE(eventually([&] { return b.node.logged("open it in the same mode") + b.node.logged("until both open it") > 0; }));
  b->ask(object("do", "close", "scope", "mixed"));
  b->ask(object("do", "open", "scope", "mixed"));
  REQUIRE(eventually([&] { return b->lookup("k", "mixed").size() == 1; }));
  b->ask(object("do", "join", "scope", "mixed", "key", "k", "data", 2));
  REQUIRE(eventually([&] { return a->lookup("k", "mixed").size() == 2; }));
  b->ask(object("do", "close", "scope", "mixed"));
  REQUIRE(eventually([&] { return a->lookup("k", "mixed").size() == 1; }));
}

/// One that comes later, so that heartbeats have somebody to name, and leaves for good.
void visit(recording& by, recorded_node& a, recorded_node& b) {
  recorded_node c{by, "c", with_seed(in_cluster("corpus"), b)};
  REQUIRE(eventually([&] { return a->links() == 2 && b->links() == 2 && c->links() == 2; }));
  c->join("crowd", object("from", "c"));
  c->ask(object("do", "wait_synced"));
  for (auto* x : {&a, &b})
    REQUIRE(eventually([&] { return (*x)->count("crowd") == 6; }));
  c->ask(object("do", "drain"));
  CHECK(c.node.stop() == 0);
  for (auto* x : {&a, &b})
    REQUIRE(eventually([&] { return (*x)->links() == 1 && (*x)->count("crowd") == 5; }));
}

} // namespace

TEST_CASE("a conversation of two nodes can be recorded and read", "[recording]") {
  const conversation_directory directory{"registry"};
  recording by;
  {
    recorded_node a{by, "a", in_cluster("corpus")};
    a->ask(object("do", "join_samples"));
    recorded_node b{by, "b", with_seed(in_cluster("corpus"), a)};
    REQUIRE(eventually([&] { return a->links() == 1 && b->links() == 1; }));
    settle(a, b);
    b->ask(object("do", "join_samples"));
    settle(a, b);
    change_things(a, b);
    send_messages(a, b);
    open_and_close(a, b);
    visit(by, a, b);
    settle(a, b);
    CHECK(b.node.stop() == 0);
    REQUIRE(eventually([&] { return a->links() == 0; }));
    CHECK(a.node.stop() == 0);
  }
  by.write(directory.path());
  check_readable(directory.path());
}

TEST_CASE("two nodes that dial each other at a time can be recorded and read", "[recording]") {
  const conversation_directory directory{"twice"};
  // Often, but not always, both dial before either is told that the other one has.
  bool refused = false;
  for (int attempt = 0; attempt < 100 && !refused; ++attempt) {
    recording by;
    {
      auto with = in_cluster("twice");
      auto& way_a = by.way_to("a");
      auto& way_b = by.way_to("b");
      with.seeds = {way_b.address()};
      recorded_node a{way_a, with};
      with.seeds = {way_a.address()};
      recorded_node b{way_b, with};
      a.lead();
      b.lead();
      REQUIRE(eventually([&] { return a->links() == 1 && b->links() == 1; }));
      for (auto* x : {&a, &b})
        CHECK(x->node.stop() == 0);
      refused = a.node.logged("this node objects") + b.node.logged("this node objects") > 0;
    }
    if (refused)
      by.write(directory.path());
  }
  REQUIRE(refused);
  check_readable(directory.path());
}

TEST_CASE("a conversation that is interrupted can be recorded and read", "[recording]") {
  const conversation_directory directory{"interrupted"};
  recording by;
  {
    auto with = in_cluster("interrupted");
    with.heartbeat_interval = std::chrono::milliseconds{200};
    with.suspect_after = std::chrono::milliseconds{1500};
    with.arguments.emplace_back("--frame-size=600");
    recorded_node a{by, "a", with};
    recorded_node b{by, "b", with_seed(with, a)};
    for (auto* x : {&a, &b})
      (*x)->ask(object("do", "populate", "prefix", "early ", "keys", 40));
    REQUIRE(eventually([&] { return a->links() == 1 && b->links() == 1; }));
    settle(a, b);
    const auto all_ways = [&](auto&& what) {
      what(a.way);
      what(b.way);
    };
    // Neither hears of the other for a while; the stream goes on where it was, and so does the connection.
    const auto connections = a.way.made() + b.way.made();
    all_ways([](proxy& x) { x.silence(); });
    REQUIRE(eventually([&] { return a->links() == 0 && b->links() == 0; }));
    a->join("meanwhile", "said in silence");
    all_ways([](proxy& x) { x.restore(); });
    REQUIRE(eventually([&] { return a->links() == 1 && b->links() == 1; }));
    settle(a, b);
    CHECK(a.way.made() + b.way.made() == connections);
    // The connection is lost; handles die with it, so all is fetched again.
    all_ways([](proxy& x) { x.cut(); });
    REQUIRE(eventually([&] { return a->links() == 0 && b->links() == 0; }));
    a->join("meanwhile", "said without a connection");
    all_ways([](proxy& x) { x.restore(); });
    REQUIRE(eventually([&] { return a->links() == 1 && b->links() == 1; }));
    settle(a, b);
  }
  by.write(directory.path());
  check_readable(directory.path());
}

TEST_CASE("a node that refuses content and nodes that refuse a handshake can be recorded and read", "[recording]") {
  const conversation_directory directory{"refusals"};
  recording by;
  {
    auto with = in_cluster("refusals");
    recorded_node a{by, "a", with};
    a->join("crowd", {}, 3);
    auto modest = with_seed(with, a);
    modest.arguments.emplace_back("--snapshot-entries=2");
    recorded_node b{by, "b", modest};
    REQUIRE(eventually([&] { return b->links() == 1 && a.node.logged("accepts no snapshot") == 1; }));
    auto stranger = with_seed(with, a);
    stranger.cluster = "another cluster";
    recorded_node c{by, "c", stranger};
    auto impostor = with_seed(with, a);
    impostor.secret = "not the secret";
    recorded_node d{by, "d", impostor};
    // Who is its own seed under another address dials itself.
    auto& mirror = by.way_to("itself");
    auto confused = with;
    confused.seeds = {mirror.address()};
    recorded_node e{by, "e", confused};
    mirror.lead_to(listening_address(e.node.process().log()));
    REQUIRE(eventually([&] { return a.way.made() >= 3 && a.way.open() == 1 && mirror.made() > 0 && mirror.open() == 0; }));
  }
  by.write(directory.path());
  check_readable(directory.path());
}
