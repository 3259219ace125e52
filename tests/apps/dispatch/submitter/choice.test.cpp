#include <dispatch/submitter/choice.hpp>

#include <apps/dispatch/support/local_cluster.hpp>
#include <support/fake_member.hpp>

#include <registry/actor/handle.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <map>
#include <vector>

namespace dispatch {

namespace {

namespace compat = registry::compat;
using registry::entry;
using registry::value;
using testing::local_cluster;
using testing::sums;
using testing::to_submit;

/// Some workers of two nodes; the even ones are local.
struct workers {
  explicit workers(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      entry one;
      one.who = registry::testing::make_member(i + 1);
      one.origin = static_cast<std::uint32_t>(i % 2);
      entries.push_back(one);
    }
    for (const auto& each : entries)
      candidates.push_back({&each, 0, true});
  }
  /// The worker of each of this many jobs.
  std::vector<const entry*> chosen(strategy how, int count) const {
    std::vector<const entry*> out;
    for (int i = 0; i < count; ++i)
      out.push_back(choose(candidates, how, value{i}, static_cast<std::uint32_t>(i)));
    return out;
  }
  std::map<const entry*, int> shares(strategy how, int count) const {
    std::map<const entry*, int> out;
    for (const auto* each : chosen(how, count))
      ++out[each];
    return out;
  }

  std::vector<entry> entries;
  std::vector<candidate> candidates;
};

} // namespace

TEST_CASE("round_robin gives each worker the same number", "[dispatch][choice]") {
  const workers some{8};
  const auto shares = some.shares(strategy::round_robin, 8'000);
  CHECK(shares.size() == 8);
  for (const auto& [who, count] : shares)
    CHECK(count == 1'000);
}

TEST_CASE("random and rendezvous give each worker about the same number", "[dispatch][choice]") {
  const workers some{8};
  for (const auto how : {strategy::random, strategy::rendezvous}) {
    const auto shares = some.shares(how, 80'000);
    CHECK(shares.size() == 8);
    for (const auto& [who, count] : shares)
      CHECK(std::abs(count - 10'000) < 800); // the standard deviation is 94
  }
}

TEST_CASE("rendezvous moves only the keys of a worker that leaves", "[dispatch][choice]") {
  constexpr int keys = 20'000;
  for (std::size_t n = 2; n <= 10; ++n) {
    workers some{n};
    const auto before = some.chosen(strategy::rendezvous, keys);
    const auto* const leaver = some.candidates[n / 2].worker;
    some.candidates.erase(some.candidates.begin() + static_cast<std::ptrdiff_t>(n / 2));
    const auto after = some.chosen(strategy::rendezvous, keys);
    int moved = 0;
    for (std::size_t i = 0; i < keys; ++i) {
      moved += before[i] != after[i] ? 1 : 0;
      if (before[i] != after[i] && before[i] != leaver)
        FAIL("a key of a worker that stays has moved");
    }
    CHECK(moved <= keys * (1.0 / static_cast<double>(n) + 0.02));
    CHECK(moved > 0);
  }
}

TEST_CASE("least prefers the worker with the least to do for its size", "[dispatch][choice]") {
  workers some{3};
  some.candidates[0].occupation = 0.5;
  some.candidates[1].occupation = 0.25;
  some.candidates[2].occupation = 0.75;
  CHECK(choose(some.candidates, strategy::least, value{1}, 0) == &some.entries[1]);
  some.candidates[1].has_room = false;
  CHECK(choose(some.candidates, strategy::least, value{1}, 0) == &some.entries[0]);
}

TEST_CASE("local_first keeps to this node while there is room", "[dispatch][choice]") {
  workers some{6};
  const auto locals = some.shares(strategy::local_first, 1'000);
  CHECK(locals.size() == 3); // one of them has none with a probability below 1e-175
  for (const auto& [who, count] : locals)
    CHECK(who->is_local());
  for (auto& each : some.candidates)
    each.has_room = !each.worker->is_local();
  const auto others = some.shares(strategy::local_first, 1'000);
  CHECK(others.size() == 3);
  for (const auto& [who, count] : others)
    CHECK_FALSE(who->is_local());
}

TEST_CASE("only rendezvous chooses a worker without room", "[dispatch][choice]") {
  workers some{4};
  const auto before = some.chosen(strategy::rendezvous, 100);
  for (auto& each : some.candidates)
    each.has_room = false;
  CHECK(some.chosen(strategy::rendezvous, 100) == before);
  for (const auto how : {strategy::random, strategy::round_robin, strategy::least, strategy::local_first})
    CHECK(choose(some.candidates, how, value{1}, 0) == nullptr);
  CHECK(choose({}, strategy::rendezvous, value{1}, 0) == nullptr);
}

TEST_CASE("a strategy has a name", "[dispatch][choice]") {
  CHECK(parse_strategy("round_robin").value() == strategy::round_robin);
  CHECK(parse_strategy("random").value() == strategy::random);
  CHECK(parse_strategy("least").value() == strategy::least);
  CHECK(parse_strategy("rendezvous").value() == strategy::rendezvous);
  CHECK(parse_strategy("local_first").value() == strategy::local_first);
  CHECK_FALSE(parse_strategy("all"));
  CHECK_FALSE(parse_strategy(""));
}

TEST_CASE("the workers of a cluster get what the strategy says", "[dispatch][choice][cluster]") {
  constexpr int count = 800;
  local_cluster cluster{3};
  const auto workers = cluster.start_eight_workers(count); // each has room for all
  SECTION("round_robin") {
    const auto shares = cluster.run(to_submit(sums(count), strategy::round_robin)).per_worker();
    CHECK(shares.size() == 8);
    for (const auto& [who, jobs] : shares)
      CHECK(jobs == count / 8);
  }
  SECTION("least") {
    const auto shares = cluster.run(to_submit(sums(count), strategy::least)).per_worker();
    CHECK(shares.size() == 8);
  }
  SECTION("random") {
    const auto shares = cluster.run(to_submit(sums(count), strategy::random)).per_worker();
    CHECK(shares.size() == 8);
    for (const auto& [who, jobs] : shares)
      CHECK(std::abs(jobs - count / 8) < 75); // the standard deviation is 9.4
  }
  SECTION("local_first") {
    const auto shares = cluster.run(to_submit(sums(count), strategy::local_first)).per_worker();
    CHECK(shares.size() == 3);
    for (const auto& [who, jobs] : shares)
      CHECK(who.starts_with(cluster.node(0).address()));
  }
  SECTION("rendezvous, also after a worker has gone") {
    const auto before = cluster.run(to_submit(sums(count), strategy::rendezvous)).owners();
    CHECK(cluster.run(to_submit(sums(count), strategy::rendezvous)).owners() == before);
    registry::kill(workers[5]);
    cluster.await_workers(7);
    const auto after = cluster.run(to_submit(sums(count), strategy::rendezvous)).per_worker();
    CHECK(after.size() == 7);
    const auto owners = cluster.run(to_submit(sums(count), strategy::rendezvous)).owners();
    for (const auto& [id, owner] : before)
      CHECK((owners.at(id) == owner || !after.contains(owner)));
  }
}

} // namespace dispatch
