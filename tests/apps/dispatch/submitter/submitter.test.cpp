#include <apps/dispatch/support/local_cluster.hpp>

#include <dispatch/messages.hpp>
#include <dispatch/queue.hpp>

#include <registry/compat/actor.hpp>
#include <registry/coro/serve.hpp>
#include <registry/coro/spawn.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

namespace dispatch {

namespace {

namespace compat = registry::compat;
using namespace std::chrono_literals;
using registry::coroutine_self;
using registry::errc;
using registry::result;
using registry::task;
using testing::local_cluster;
using testing::sums;
using testing::to_submit;

outcome success_with(registry::value output) {
  return {true, std::move(output), {}};
}

/// An actor that stands in the queue as a worker and does what the test wants.
template <class Body>
class staged_worker {
public:
  staged_worker(local_node& home, std::int64_t capacity, Body body)
      : who_(compat::as_member(registry::spawn_coroutine(home.system(), std::move(body)))) {
    auto queues = home.queues();
    REQUIRE(queues.join(testing::queue, who_, to_value(worker_card{"staged", "here", capacity, 0})));
  }
  staged_worker(const staged_worker&) = delete;
  staged_worker& operator=(const staged_worker&) = delete;
  ~staged_worker() { compat::kill(who_); }

private:
  registry::member who_;
};

} // namespace

TEST_CASE("without workers all jobs are cancelled after a time, with the reason", "[dispatch][submitter]") {
  local_cluster cluster{1};
  auto order = to_submit(sums(10));
  order.patience = 20ms;
  const auto seen = cluster.run(order);
  CHECK(seen.each_once());
  CHECK(seen.count("cancelled") == 10);
  CHECK(seen.sum.problem == "the queue 'tests' has had no workers for 20 ms");
  CHECK(seen.results.front().error == seen.sum.problem);
}

TEST_CASE("a submission without jobs ends at once", "[dispatch][submitter]") {
  local_cluster cluster{1};
  const auto seen = cluster.run(to_submit({}));
  CHECK(seen.results.empty());
  CHECK(seen.sum.all_succeeded());
  CHECK(seen.sum.problem.empty());
}

TEST_CASE("a submission that is stopped finishes what is under way and cancels the rest", "[dispatch][submitter]") {
  local_cluster cluster{1};
  cluster.start_worker(0, 2);
  const auto how = GENERATE(strategy::least, strategy::rendezvous);
  // They would take half a minute in all: it is stopped before they are done, however late the first results are seen.
  const auto jobs = testing::jobs_like(R"({"id": {}, "work": "sleep", "ms": 60})", 1'000);
  const auto seen = cluster.run(to_submit(jobs, how), [](const caf::actor& submitter, std::size_t so_far) {
    if (so_far == 10)
      compat::tell(submitter, stop{});
  });
  CHECK(seen.each_once());
  CHECK(seen.count("done") >= 10);
  CHECK(seen.count("cancelled") > 0);
  CHECK(seen.count("done") + seen.count("cancelled") == 1'000);
  CHECK(seen.sum.problem == "interrupted");
}

TEST_CASE("a job that takes too long is begun again, and a late answer is nobody's", "[dispatch][submitter]") {
  local_cluster cluster{1};
  // Answers the first request after the second.
  const auto body = [](coroutine_self self) -> task<> {
    auto first = co_await self.accept<run_job>();
    for (;;) {
      auto next = co_await self.accept<run_job>();
      next.reply.answer(success_with("in time"));
      first.reply.answer(success_with("late"));
    }
  };
  const staged_worker worker{cluster.node(0), 1, body};
  auto order = to_submit(sums(3));
  order.timeout = 3s; // enough for an answer that comes at once, also on a busy machine
  const auto seen = cluster.run(order);
  CHECK(seen.each_once());
  CHECK(seen.count("done") == 3);
  CHECK(seen.begun_again() == 1);
  CHECK(std::all_of(seen.results.begin(), seen.results.end(),
                    [](const job_result& x) { return identical(x.output, "in time"); }));
}

TEST_CASE("a job that nobody ever answers is given up", "[dispatch][submitter]") {
  local_cluster cluster{1};
  const auto body = [](coroutine_self self) -> task<> {
    std::vector<registry::responder> owed;
    for (;;) {
      auto next = co_await self.accept<run_job>();
      owed.push_back(std::move(next.reply));
    }
  };
  const staged_worker worker{cluster.node(0), 4, body};
  auto order = to_submit(sums(2));
  order.timeout = 10ms;
  order.most_attempts = 3;
  const auto seen = cluster.run(order);
  CHECK(seen.each_once());
  CHECK(seen.count("lost") == 2);
  CHECK(seen.results.front().attempts == 3);
  CHECK(seen.results.front().error.starts_with("given up after 3 attempts: "));
}

TEST_CASE("no more than the capacity of a worker is under way", "[dispatch][submitter]") {
  local_cluster cluster{1};
  int open = 0;
  int most = 0;
  const auto body = [&](coroutine_self self) -> task<> {
    const auto slow = [&](coroutine_self self, run_job) -> task<outcome> {
      most = std::max(most, ++open);
      co_await self.sleep_for(2ms);
      --open;
      co_return success_with({});
    };
    co_await registry::serve(self, slow);
  };
  const auto how = GENERATE(strategy::least, strategy::rendezvous);
  const staged_worker worker{cluster.node(0), 3, body};
  const auto seen = cluster.run(to_submit(sums(60), how));
  CHECK(seen.count("done") == 60);
  CHECK(most == 3);
}

TEST_CASE("a worker that has too much to do is asked again, which is no new attempt", "[dispatch][submitter]") {
  local_cluster cluster{1};
  const auto body = [](coroutine_self self) -> task<> {
    bool busy = true;
    const auto handler = [&busy](run_job) -> result<outcome> {
      if (std::exchange(busy, false))
        return registry::error(errc::limit_exceeded);
      return success_with({});
    };
    co_await registry::serve(self, handler);
  };
  const staged_worker worker{cluster.node(0), 1, body};
  const auto seen = cluster.run(to_submit(sums(2)));
  CHECK(seen.count("done") == 2);
  CHECK(seen.begun_again() == 0);
}

TEST_CASE("a job that a worker refuses because it drains goes to another one", "[dispatch][submitter]") {
  local_cluster cluster{1};
  const auto body = [](coroutine_self self) -> task<> {
    const auto refuse = [](run_job) -> result<outcome> { return registry::error(errc::not_joined); };
    co_await registry::serve(self, refuse);
  };
  const staged_worker refuses{cluster.node(0), 8, body};
  cluster.start_worker(0, 1);
  cluster.await_workers(2);
  const auto how = GENERATE(strategy::least, strategy::rendezvous, strategy::round_robin);
  const auto seen = cluster.run(to_submit(sums(50), how));
  CHECK(seen.each_once());
  CHECK(seen.count("done") == 50);
  CHECK(seen.begun_again() == 0);
}

TEST_CASE("what was given to a worker that came late and died soon comes back to a worker with much to do",
          "[dispatch][submitter]") {
  local_cluster cluster{1};
  std::atomic<bool> asked = false;
  const auto steady = [&asked](coroutine_self self) -> task<> {
    int begun = 0;
    const auto handler = [&](coroutine_self self, run_job) -> task<outcome> {
      // Only the first is done before the other worker has come and has something to do.
      for (const bool first = ++begun == 1; !first && !asked;)
        co_await self.sleep_for(1ms);
      co_return success_with({});
    };
    co_await registry::serve(self, handler);
  };
  const auto silent = [&asked](coroutine_self self) -> task<> {
    const auto one = co_await self.accept<run_job>();
    asked = true;
    co_await self.sleep_for(1h);
  };
  const staged_worker worker{cluster.node(0), 1, steady};
  std::optional<staged_worker<decltype(silent)>> late;
  bool killed = false;
  const auto seen = cluster.run(to_submit(sums(60), strategy::rendezvous), [&](const caf::actor&, std::size_t so_far) {
    if (so_far == 1)
      late.emplace(cluster.node(0), 1, silent);
    if (so_far >= 5 && asked && !std::exchange(killed, true))
      late.reset();
  });
  CHECK(killed);
  CHECK(seen.each_once());
  CHECK(seen.count("done") == 60);
}

TEST_CASE("the jobs of a worker that is killed again and again are given up", "[dispatch][submitter]") {
  local_cluster cluster{1};
  caf::actor last = cluster.start_worker(0, 1);
  auto order = to_submit(testing::jobs_like(R"({"id": {}, "work": "sleep", "ms": 3600000})", 1));
  order.most_attempts = 2;
  caf::scoped_actor self{cluster.node(0).system()};
  const auto submitter = cluster.node(0).start_submitter(order, compat::as_member(self));
  const auto queues = cluster.node(0).queues();
  for (int i = 0; i < 2; ++i) {
    REQUIRE(testing::eventually([&] {
      const auto there = queues.lookup(testing::queue);
      return there.size() == 1 && there[0].who == compat::as_member(last) && read_card(there[0].data).value().load == 1;
    }));
    compat::kill(compat::as_member(last));
    self->wait_for(last);
    last = cluster.start_worker(0, 1);
  }
  std::string status;
  const auto sum = collect(self, submitter, 1, [&](const job_result& x) { status = x.status; }, [](const tally&) {});
  CHECK(status == "lost");
  CHECK_FALSE(sum.all_succeeded());
}

} // namespace dispatch
