#include <support/proxied_pair.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

using namespace cluster_tests;
using namespace std::chrono_literals;
using registry::testing::eventually;
using registry::testing::time_until;

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

TEST_CASE("on a slow line small changes of other scopes pass a value that is under way, and so do heartbeats",
          "[slow_line]") {
  proxied_pair p{impatient(1s, 4s)};
  REQUIRE(p.linked());
  p.to_a.limit(1'000'000);
  p.to_b.limit(1'000'000);
  std::int64_t names = 0;
  const auto pass_one = [&] {
    ++names;
    return time_until([&, has_begun = false]() mutable {
      if (!std::exchange(has_begun, true))
        p.a->ask(object("do", "join", "scope", "names", "key", names));
      return number(p.b->ask(object("do", "count", "scope", "names")), "count") == names;
    });
  };
  std::vector<std::chrono::milliseconds> delays;
  pass_one();
  p.a->join("big", std::string(10'000'000, 'x'));
  while (p.b->count() == 0)
    delays.push_back(pass_one());
  REQUIRE(delays.size() >= 10);
  std::ranges::sort(delays);
  std::cout << "  figure: beside 10 MB at 1 MB/s, " << delays.size() << " small changes took "
            << delays[delays.size() / 2].count() << " ms in the median and " << delays.back().count() << " at most"
            << std::endl;
  CHECK(delays[delays.size() / 2] < 500ms);
  CHECK(delays.back() < 2s);
  REQUIRE(p.equal());
  for (auto* x : p.both()) {
    CHECK_FALSE(has_logged(*x, "is unreachable"));
    CHECK_FALSE(has_logged(*x, "is gone"));
  }
}

TEST_CASE("on a slow line a message waits for the value that was changed before it", "[slow_line]") {
  proxied_pair p;
  REQUIRE(p.linked());
  p.b->join("k");
  REQUIRE(eventually([&] { return p.a->count("k") == 1; }));
  p.to_a.limit(500'000);
  p.to_b.limit(500'000);
  p.a->join("big", std::string(1'000'000, 'x'));
  CHECK(number(p.a->ask(object("do", "dispatch", "key", "k", "strategy", "all")), "count") == 1);
  CHECK(p.b->count() == 1);
  REQUIRE(eventually([&] { return number(p.b->ask(object("do", "status")), "received") == 1; }));
  CHECK(p.b->count() == 2);
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
