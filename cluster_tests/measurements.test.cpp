// Measurements of the registry's promises. Run them by hand with an optimised build; see README.md.

#include <support/hosts.hpp>
#include <support/proxied_pair.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <iostream>
#include <vector>

using namespace cluster_tests;
using namespace registry::testing;
using namespace std::chrono_literals;

namespace {

template <class... Ts>
void report(const Ts&... parts) {
  std::cout << "  figure: ";
  (std::cout << ... << parts) << std::endl;
}

double seconds(std::chrono::milliseconds x) {
  return static_cast<double>(x.count()) / 1000;
}

double megabytes(std::size_t x) {
  return static_cast<double>(x) / (1 << 20);
}

void start_load(remote_node& x, std::int64_t rate, std::int64_t keys) {
  x.ask(object("do", "start_load", "prefix", x.self(), "rate", rate, "keys", keys));
}

value stop_load(remote_node& x) {
  return x.ask(object("do", "stop_load", "prefix", x.self()));
}

/// Checks that there were enough joins, updates and leaves, and no failures.
void check_changes(const value& made, std::int64_t least) {
  report("changes ", to_string(made));
  CHECK(number(made, "failures") == 0);
  CHECK(number(made, "joins") >= least);
  CHECK(number(made, "updates") >= least);
  CHECK(number(made, "leaves") >= least);
}

launch defaults() {
  launch with;
  with.heartbeat_interval = 500ms;
  with.suspect_after = 2s;
  with.down_after = 8s;
  return with;
}

} // namespace

TEST_CASE("measure: a partition of 30 seconds, in which each side gives up the other", "[.slow]") {
  if (network_is_missing())
    return;
  const network net{4};
  const auto cluster = nodes_on(net, 4, defaults());
  for (const auto& x : cluster) {
    x->watch();
    x->ask(object("do", "populate", "prefix", x->self() + "-", "keys", 1000));
  }
  for (const auto& x : cluster)
    REQUIRE(eventually([&] { return x->count() == 4000; }));
  net.part({0, 1}, {2, 3});
  start_load(*cluster[0], 2000, 10'000);
  start_load(*cluster[2], 2000, 10'000);
  const auto gone = time_until([&] { return cluster[1]->count(cluster[2]->self() + "-0") == 0; });
  report("the other side's entries left after ", seconds(gone), " s");
  CHECK(gone < 9s);
  outlast(30s - gone);
  check_changes(stop_load(*cluster[0]), 10'000);
  check_changes(stop_load(*cluster[2]), 10'000);
  net.heal({0, 1}, {2, 3});
  const auto linked = time_until([&] { return cluster[0]->links() == 3 && cluster[2]->links() == 3; });
  const auto equal = time_until([&] { return cluster[0]->digest() == cluster[2]->digest(); });
  report("linked ", seconds(linked), " s after the wire was whole, equal ", seconds(equal), " s later with ",
         to_string(cluster[0]->digest()));
  CHECK(equal < 2s);
  CHECK(all_linked(cluster));
  CHECK(all_equal(cluster));
  for (const auto& x : cluster) {
    CHECK(x->verify() == "");
    report("events ", to_string(x->events()));
  }
}

TEST_CASE("measure: a cut of 30 seconds within the grace period", "[.slow]") {
  auto with = defaults();
  with.down_after = 60s;
  proxied_pair pair{with};
  REQUIRE(pair.linked());
  for (auto* x : pair.both())
    x->ask(object("do", "change", "prefix", x->self(), "keys", 10'000, "changes", 20'000));
  pair.watch();
  pair.cut();
  REQUIRE(eventually([&] { return pair.a->unreachable() > 0 && pair.b->unreachable() > 0; }));
  for (auto* x : pair.both()) {
    x->ask(object("do", "mark"));
    start_load(*x, 2000, 10'000);
  }
  outlast(30s);
  for (auto* x : pair.both()) {
    check_changes(stop_load(*x), 10'000);
    x->verify();
    x->events();
  }
  pair.restore();
  const auto linked = time_until([&] { return pair.a->links() == 1 && pair.b->links() == 1; });
  const auto equal = time_until([&] { return pair.a->digest() == pair.b->digest(); });
  report("linked ", seconds(linked), " s after the cut, equal ", seconds(equal), " s later");
  CHECK(equal < 2s);
  for (auto* x : pair.both()) {
    CHECK(x->verify() == "");
    const auto seen = x->events();
    report("events ", to_string(seen));
    // One event for each entry that differs, of the kind of its difference.
    CHECK(seen == x->ask(object("do", "compare")));
    CHECK(number(seen, "update/resync") > 0);
    CHECK(number(seen, "leave/resync") > 0);
  }
}

TEST_CASE("measure: a cut of 5 seconds of an idle pair with 100,000 entries", "[.slow]") {
  const bool silent = GENERATE(false, true);
  proxied_pair pair{defaults()};
  REQUIRE(pair.linked());
  pair.populate(50'000);
  REQUIRE(eventually([&] { return pair.a->count() == 100'000 && pair.b->count() == 100'000; }));
  pair.watch();
  if (silent)
    pair.silence();
  else
    pair.cut();
  outlast(5s);
  CHECK(pair.a->unreachable() == 50'000);
  CHECK(pair.b->unreachable() == 50'000);
  pair.restore();
  const auto back = time_until([&] { return pair.a->unreachable() == 0 && pair.b->unreachable() == 0; });
  report(silent ? "silence" : "cut", ": reachable again after ", seconds(back), " s");
  // These joins come after all that follows the end of the cut.
  pair.a->join("marker");
  pair.b->join("marker");
  REQUIRE(eventually([&] { return pair.a->count("marker") == 2 && pair.b->count("marker") == 2; }));
  CHECK(pair.equal());
  for (auto* x : pair.both()) {
    CHECK(x->verify() == "");
    const auto seen = x->events();
    const bool markers_only = seen == object("join/explicit", 2) || seen == object("join/explicit", 1, "join/resync", 1);
    CAPTURE(to_string(seen));
    CHECK(markers_only);
  }
}

TEST_CASE("measure: kill -9 of a node with 50,000 entries", "[.slow]") {
  auto cluster = cluster_of(3, defaults());
  for (const auto& x : cluster)
    x->ask(object("do", "populate", "prefix", x->self(), "keys", 50'000));
  for (const auto& x : cluster)
    REQUIRE(eventually([&] { return x->count() == 150'000; }));
  cluster[0]->watch();
  cluster[1]->kill();
  const auto gone = time_until([&] { return cluster[0]->count() == 100'000 && cluster[2]->count() == 100'000; });
  report("gone everywhere after ", seconds(gone), " s");
  CHECK(gone < 1s);
  CHECK(cluster[0]->verify() == "");
}

TEST_CASE("measure: a silent partition is noticed in the configured time", "[.slow]") {
  if (network_is_missing())
    return;
  const network net{3};
  const auto cluster = nodes_on(net, 3, defaults());
  for (const auto& x : cluster)
    x->ask(object("do", "populate", "prefix", x->self(), "keys", 1000));
  for (const auto& x : cluster)
    REQUIRE(eventually([&] { return x->count() == 3000; }));
  net.part({0}, {1, 2});
  const auto suspected = time_until([&] { return cluster[0]->unreachable() == 2000 && cluster[1]->unreachable() == 1000; });
  const auto gone = suspected + time_until([&] {
                      return cluster[0]->count() == 1000 && cluster[1]->count() == 2000 && cluster[2]->count() == 2000;
                    });
  report("unreachable after ", seconds(suspected), " s, gone after ", seconds(gone), " s");
  CHECK(suspected < defaults().suspect_after + 1s);
  CHECK(gone < defaults().down_after + 1s);
}

TEST_CASE("measure: how soon links are back after 30 seconds of silence", "[.slow]") {
  if (network_is_missing())
    return;
  // Many pairs at once, because the moments of their dials are random.
  constexpr std::size_t pairs = 4;
  const network net{2 * pairs};
  std::vector<nodes> all;
  for (std::size_t i = 0; i < pairs; ++i) {
    nodes pair;
    for (const auto host : {2 * i, 2 * i + 1}) {
      auto with = defaults();
      with.where = net.on(host);
      with.listen = network::address(host) + ":4700";
      with.seeds = {{network::address(2 * i), 4700}};
      pair.push_back(std::make_unique<remote_node>(with));
    }
    REQUIRE(all_linked(pair));
    all.push_back(std::move(pair));
  }
  for (std::size_t i = 0; i < pairs; ++i)
    net.part({2 * i}, {2 * i + 1});
  outlast(30s);
  for (std::size_t i = 0; i < pairs; ++i)
    net.heal({2 * i}, {2 * i + 1});
  std::chrono::milliseconds passed{0};
  for (auto left = all.size(); left > 0;) {
    passed += time_until([&] {
      std::erase_if(all, [](const auto& pair) { return pair[0]->links() == 1 && pair[1]->links() == 1; });
      return all.size() < left;
    });
    for (; left > all.size(); --left)
      report("linked again after ", seconds(passed), " s");
  }
}

TEST_CASE("measure: a sender that is faster than its peers", "[.slow]") {
  const auto cluster = cluster_of(3, defaults());
  auto& sender = *cluster[0];
  cluster[1]->watch();
  start_load(sender, 1000, 100'000);
  REQUIRE(eventually([&] { return cluster[1]->count() > 1000; }));
  stop_load(sender);
  const auto before = sender.process().memory();
  start_load(sender, 0, 100'000);
  std::size_t most = 0;
  for (int i = 0; i < 200; ++i) {
    outlast(100ms);
    most = std::max(most, sender.process().memory());
  }
  check_changes(stop_load(sender), 10'000);
  const auto equal = time_until([&] { return cluster[1]->digest() == sender.digest(); });
  report("memory from ", megabytes(before), " to ", megabytes(most), " MB; equal ", seconds(equal),
         " s after the last change");
  report(to_string(sender.ask(object("do", "statistics"))));
  CHECK(all_equal(cluster));
  CHECK(cluster[1]->verify() == "");
  CHECK(sender.logged("is gone") == 0);
}

TEST_CASE("measure: a stopped peer at 10,000 changes a second", "[.slow]") {
  auto with = defaults();
  with.down_after = GENERATE(8s, 120s);
  report("given up after ", with.down_after.count(), " ms");
  const auto cluster = cluster_of(3, with);
  auto& sender = *cluster[0];
  auto& other = *cluster[1];
  auto& stopped = *cluster[2];
  other.watch();
  stopped.watch();
  const auto phase = [&](std::chrono::seconds length) {
    static_cast<void>(other.ask(object("do", "tally", "reset", true)));
    std::size_t most = 0;
    for (const auto end = std::chrono::steady_clock::now() + length; std::chrono::steady_clock::now() < end; outlast(100ms))
      most = std::max(most, sender.process().memory());
    const auto seen = other.ask(object("do", "tally", "reset", true));
    const auto arrived = number(seen, "join/explicit") + number(seen, "update/explicit") + number(seen, "leave/explicit");
    const auto rate = static_cast<double>(arrived) / static_cast<double>(length.count());
    const auto delays = field(seen, "delays").as_list();
    report(rate, " changes/s arrive; delay in us: median ", to_string(delays[0]), ", 99 % ", to_string(delays[1]),
           ", longest ", to_string(delays[2]), "; sender's memory at most ", megabytes(most), " MB");
    return std::pair{rate, most};
  };
  start_load(sender, 10'000, 10'000);
  phase(10s); // until all processes have grown to their size
  const auto before = phase(20s);
  stopped.pause();
  const auto during = phase(60s);
  stopped.resume();
  const auto after = phase(10s);
  check_changes(stop_load(sender), 10'000);
  const auto equal = time_until([&] { return stopped.digest() == sender.digest(); });
  report("the stopped one is equal ", seconds(equal), " s after the last change; ",
         to_string(sender.ask(object("do", "statistics"))));
  CHECK(during.second < before.second + (std::size_t{32} << 20));
  CHECK(after.second < before.second + (std::size_t{32} << 20));
  CHECK(during.first > before.first * 0.9);
  CHECK(all_equal(cluster));
  CHECK(other.verify() == "");
  CHECK(stopped.verify() == "");
}
