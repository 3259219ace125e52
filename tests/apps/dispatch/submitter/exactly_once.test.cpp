#include <apps/dispatch/support/gate.hpp>
#include <apps/dispatch/support/local_cluster.hpp>

#include <dispatch/messages.hpp>

#include <registry/actor/tell.hpp>

#include <support/catch.hpp>

#include <string>
#include <utility>

namespace dispatch {

namespace compat = registry::compat;
using testing::gate;
using testing::local_cluster;
using testing::sums;
using testing::to_submit;

namespace {

void check_all_done(const testing::account& seen) {
  CHECK(seen.each_once());
  CHECK(seen.sum.all_succeeded());
  CHECK(seen.sum.problem.empty());
  for (const auto& x : seen.results) {
    if (!identical(x.output, x.id))
      FAIL("job " << to_string(x.id) << " gave " << to_string(x.output));
  }
}

/// A line for `jobs_like`. `read` takes one byte at a time, and so no more than one line.
std::string jobs_behind(const gate& closed) {
  return R"({"id": {}, "command": ["/bin/sh", "-c", "read line <)" + closed.path() + R"("]})";
}

} // namespace

TEST_CASE("ten thousand jobs have one result each though a worker is killed and one is drained", "[dispatch][cluster]") {
  constexpr std::int64_t capacity = 8;
  constexpr std::size_t killed = 4;  // on the second node
  constexpr std::size_t drained = 7; // on the third
  const auto how = GENERATE(strategy::least, strategy::rendezvous);
  local_cluster cluster{3};
  const auto workers = cluster.start_eight_workers(capacity);
  const auto seen = cluster.run(to_submit(sums(10'000), how), [&](const caf::actor&, std::size_t so_far) {
    if (so_far == 2'000)
      registry::kill(workers[killed]);
    if (so_far == 4'000)
      registry::tell(workers[drained], drain{});
  });
  check_all_done(seen);
  // Each of the two has had so many under way, or been sent so many while it ended.
  CHECK(seen.begun_again() <= 2 * capacity);
  CHECK(seen.per_worker().size() == workers.size());
  caf::scoped_actor self{cluster.node(2).system()};
  self->wait_for(workers[drained]);
  cluster.await_workers(workers.size() - 2);
}

TEST_CASE("the jobs of a node that goes are done by the others", "[dispatch][cluster]") {
  local_cluster cluster{3};
  cluster.start_eight_workers(4);
  const auto seen = cluster.run(to_submit(sums(2'000)), [&](const caf::actor&, std::size_t so_far) {
    if (so_far == 500)
      cluster.remove(1);
  });
  check_all_done(seen);
}

TEST_CASE("a worker that comes late gets its share", "[dispatch][cluster]") {
  constexpr int count = 60;
  const gate closed;
  local_cluster cluster{2};
  cluster.start_worker(0, 2);
  cluster.await_workers(1);
  const auto how = GENERATE(strategy::round_robin, strategy::rendezvous);
  bool more = false;
  closed.let_pass(1);
  const auto seen =
      cluster.run(to_submit(testing::jobs_like(jobs_behind(closed), count), how), [&](const caf::actor&, std::size_t) {
        if (!std::exchange(more, true)) {
          cluster.start_worker(1, 2);
          cluster.await_workers(2);
          closed.let_pass(count - 1);
        }
      });
  CHECK(seen.each_once());
  CHECK(seen.sum.all_succeeded());
  CHECK(seen.per_worker().size() == 2);
}

TEST_CASE("jobs are not lost while workers come and go", "[dispatch][cluster]") {
  local_cluster cluster{1};
  cluster.start_worker(0, 1);
  const auto how = GENERATE(strategy::rendezvous, strategy::least);
  const auto jobs = testing::jobs_like(R"({"id": {}, "work": "sleep", "ms": 1})", 300);
  auto order = to_submit(jobs, how);
  order.most_attempts = 300; // a job may meet one guest after the other
  caf::actor guest;
  std::size_t next_change = 10;
  const auto seen = cluster.run(order, [&](const caf::actor&, std::size_t so_far) {
    if (so_far < next_change)
      return;
    next_change += 10;
    if (guest)
      registry::kill(registry::as_member(std::exchange(guest, {})));
    else
      guest = cluster.start_worker(0, 1);
  });
  CHECK(seen.each_once());
  CHECK(seen.sum.counts.failed == 0);
}

TEST_CASE("two submitters share the workers", "[dispatch][cluster]") {
  local_cluster cluster{2};
  cluster.start_worker(0, 2);
  cluster.start_worker(1, 2);
  cluster.await_workers(2);
  caf::scoped_actor other{cluster.node(1).system()};
  const auto second = cluster.node(1).start_submitter(to_submit(sums(500)), registry::as_member(other));
  check_all_done(cluster.run(to_submit(sums(500))));
  std::size_t results = 0;
  const auto sum = collect(other, second, 500, [&](const job_report&) { ++results; }, [](const tally&) {});
  CHECK(sum.all_succeeded());
  CHECK(results == 500);
}

} // namespace dispatch
