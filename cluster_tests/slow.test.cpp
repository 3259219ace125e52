#include <support/proxied_pair.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

using namespace cluster_tests;
using namespace std::chrono_literals;
using registry::testing::eventually;

namespace {

launch impatient(std::chrono::milliseconds suspect_after, std::chrono::milliseconds down_after) {
  launch out;
  out.suspect_after = suspect_after;
  out.down_after = down_after;
  return out;
}

bool has_logged(remote_node& x, std::string_view text) {
  return x.process().log().find(text) != std::string::npos;
}

} // namespace

TEST_CASE("a value that takes longer on a slow line than silence may last arrives, and nobody is suspected", "[slow_line]") {
  proxied_pair p{impatient(1s, 4s)};
  REQUIRE(p.linked());
  p.to_a.limit(150'000);
  p.to_b.limit(150'000);
  p.a->join("big", std::string(1'000'000, 'x'));
  p.a->join("small");
  REQUIRE(p.equal());
  for (auto* x : p.both()) {
    CHECK_FALSE(has_logged(*x, "is unreachable"));
    CHECK_FALSE(has_logged(*x, "is gone"));
  }
  CHECK(number(p.a->ask(object("do", "statistics")), "snapshots_sent") <= 1);
}

TEST_CASE("a snapshot that takes long on a slow line is sent once", "[slow_line]") {
  proxied_pair p{impatient(1s, 4s)};
  p.to_a.cut();
  p.to_b.cut();
  p.a->ask(object("do", "populate", "prefix", "k", "keys", 20'000));
  p.to_a.limit(200'000);
  p.to_b.limit(200'000);
  p.to_a.restore();
  p.to_b.restore();
  REQUIRE(p.equal());
  CHECK(p.b->count() == 20'000);
  for (auto* x : p.both())
    CHECK_FALSE(has_logged(*x, "is unreachable: it is silent"));
}

TEST_CASE("messages to a node that only stalls arrive when it continues", "[slow_line]") {
  auto with = impatient(1s, 60s);
  with.arguments = {"--node-name=orders-1"};
  proxied_pair p{with};
  REQUIRE(p.linked());
  const auto of_b = "node orders-1 at " + to_string(p.b->address()) + " (" + p.b->self().substr(0, 8) + ") ";
  p.b->join("k");
  REQUIRE(eventually([&] { return p.a->count("k") == 1; }));
  p.silence();
  REQUIRE(eventually([&] { return p.a->unreachable() == 1; }));
  const auto send = [&](const value& strategy) {
    return number(p.a->ask(object("do", "dispatch", "key", "k", "strategy", strategy)), "count");
  };
  for (int i = 0; i < 100; ++i)
    CHECK(send("all") == 1);
  CHECK(send(value::list({"only_reachable", "all"})) == 0);
  CHECK(p.a->logged(of_b + "is unreachable: it is silent") == 1);
  p.restore();
  CHECK(eventually([&] { return number(p.b->ask(object("do", "status")), "received") == 100; }));
  CHECK(eventually([&] { return p.a->unreachable() == 0; }));
  CHECK(p.a->logged(of_b + "has recovered") == 1);
  p.to_a.cut();
  p.to_b.cut();
  REQUIRE(eventually([&] { return p.a->unreachable() == 1; }));
  CHECK(send("all") == 0);
  CHECK(p.a->logged(of_b + "is unreachable: the link is lost, the connection has ended") == 1);
}
