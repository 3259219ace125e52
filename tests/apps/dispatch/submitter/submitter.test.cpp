#include <apps/dispatch/support/local_cluster.hpp>

#include <dispatch/messages.hpp>
#include <dispatch/queue.hpp>

#include <registry/actor/tell.hpp>
#include <registry/coro/nursery.hpp>
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

/// The answer of a worker that did the job.
job_done success_with(const perform_job& what, registry::value output) {
  return {what.ticket, true, std::move(output), {}, {}};
}

job_refused refusal_of(const perform_job& what, errc reason) {
  return {what.ticket, reason};
}

/// An actor that stands in the queue as a worker and does what the test wants.
template <class Body>
class staged_worker {
public:
  staged_worker(local_node& home, std::int64_t capacity, Body body, std::int64_t load = 0)
      : who_(registry::as_member(registry::spawn_coroutine(home.system(), std::move(body)))) {
    auto queues = home.queues();
    REQUIRE(queues.join(testing::queue, who_, to_value(worker_card{"staged", "here", capacity, load})));
  }
  staged_worker(const staged_worker&) = delete;
  staged_worker& operator=(const staged_worker&) = delete;
  ~staged_worker() { registry::kill(who_); }

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

TEST_CASE("a submission that is stopped finishes the jobs under way and cancels the rest", "[dispatch][submitter]") {
  local_cluster cluster{1};
  cluster.start_worker(0, 2);
  const auto how = GENERATE(strategy::least, strategy::rendezvous);
  // They would take half a minute in all: it is stopped before they are done, however late the first results are seen.
  const auto jobs = testing::jobs_like(R"({"id": {}, "work": "sleep", "ms": 60})", 1'000);
  const auto seen = cluster.run(to_submit(jobs, how), [](const caf::actor& submitter, std::size_t so_far) {
    if (so_far == 10)
      registry::tell(submitter, stop{});
  });
  CHECK(seen.each_once());
  CHECK(seen.count("done") >= 10);
  CHECK(seen.count("cancelled") > 0);
  CHECK(seen.count("done") + seen.count("cancelled") == 1'000);
  CHECK(seen.sum.problem == "interrupted");
}

TEST_CASE("a job that takes too long is begun again, and a late answer is nobody's", "[dispatch][submitter]") {
  local_cluster cluster{1};
  // Answers the first job after the second.
  const auto body = [](coroutine_self self) -> task<> {
    auto first = co_await self.accept<perform_job>();
    self.send(first.sender, job_begun{first.content.ticket});
    for (;;) {
      auto next = co_await self.accept<perform_job>();
      self.send(next.sender, success_with(next.content, "in time"));
      self.send(first.sender, success_with(first.content, "late"));
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
                    [](const job_report& x) { return identical(x.output, "in time"); }));
}

TEST_CASE("a job that nobody ever answers is given up", "[dispatch][submitter]") {
  local_cluster cluster{1};
  const bool begins = GENERATE(true, false);
  const auto body = [begins](coroutine_self self) -> task<> {
    for (;;) {
      auto next = co_await self.accept<perform_job>();
      if (begins)
        self.send(next.sender, job_begun{next.content.ticket});
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
  REQUIRE(seen.results.front().details.find("history") != nullptr);
  CHECK(seen.results.front().details.find("history")->as_list().size() == 2);
}

TEST_CASE("a worker is told of a job that takes too long", "[dispatch][submitter]") {
  local_cluster cluster{1};
  std::atomic<int> given_up = 0;
  const auto body = [&given_up](coroutine_self self) -> task<> {
    std::uint64_t ticket = 0;
    for (;;) {
      auto next = co_await self.accept<perform_job, give_up_job>();
      if (const auto* const job = std::get_if<perform_job>(&next.content))
        self.send(next.sender, job_begun{ticket = job->ticket});
      else if (std::get<give_up_job>(next.content).ticket == ticket)
        ++given_up;
    }
  };
  const staged_worker worker{cluster.node(0), 1, body};
  auto order = to_submit(sums(2));
  order.timeout = 10ms;
  order.most_attempts = 2;
  CHECK(cluster.run(order).count("lost") == 2);
  CHECK(testing::eventually([&] { return given_up == 4; }));
}

TEST_CASE("to wait at a worker is no attempt, however long it takes", "[dispatch][submitter]") {
  local_cluster cluster{1};
  // Says eleven times that the job waits before it is done.
  const auto body = [](coroutine_self self) -> task<> {
    for (;;) {
      auto job = co_await self.accept<perform_job>();
      self.send(job.sender, job_waiting{job.content.ticket});
      for (int i = 0; i < 10; ++i) {
        co_await self.accept<ask_job>();
        self.send(job.sender, job_waiting{job.content.ticket});
      }
      self.send(job.sender, job_begun{job.content.ticket});
      self.send(job.sender, success_with(job.content, {}));
    }
  };
  const staged_worker worker{cluster.node(0), 1, body};
  auto order = to_submit(sums(2));
  // A question has to be answered within this time, also on a busy machine.
  order.timeout = 300ms;
  order.most_attempts = 1;
  const auto seen = cluster.run(order);
  CHECK(seen.count("done") == 2);
  CHECK(seen.begun_again() == 0);
}

TEST_CASE("a job that waits at a worker goes to another one that is idle, which is no attempt", "[dispatch][submitter]") {
  local_cluster cluster{1};
  std::atomic<bool> asked = false;
  // Keeps everything waiting, and lets it go when it is asked to.
  const auto body = [&asked](coroutine_self self) -> task<> {
    for (;;) {
      auto next = co_await self.accept<perform_job, withdraw_job>();
      asked = true;
      if (const auto* const job = std::get_if<perform_job>(&next.content))
        self.send(next.sender, job_waiting{job->ticket});
      else
        self.send(next.sender, job_dropped{std::get<withdraw_job>(next.content).ticket});
    }
  };
  const staged_worker busy{cluster.node(0), 1, body, 1};
  auto order = to_submit(sums(3));
  order.most_attempts = 1;
  caf::scoped_actor self{cluster.node(0).system()};
  const auto submitter = cluster.node(0).start_submitter(order, registry::as_member(self));
  REQUIRE(testing::eventually([&] { return asked.load(); }));
  cluster.start_worker(0, 1);
  const auto sum = collect(self, submitter, 3, [&](const job_report& x) { CHECK(x.attempts == 1); }, [](const tally&) {});
  CHECK(sum.all_succeeded());
}

TEST_CASE("no more than the capacity of a worker is under way", "[dispatch][submitter]") {
  local_cluster cluster{1};
  int open = 0;
  int most = 0;
  const auto body = [&](coroutine_self self) -> task<> {
    const auto slow = [&](perform_job what, registry::member client) -> task<> {
      most = std::max(most, ++open);
      co_await self.sleep_for(2ms);
      --open;
      self.send(client, success_with(what, {}));
    };
    registry::nursery jobs{self};
    for (;;) {
      auto next = co_await self.accept<perform_job>();
      jobs.start(slow(next.content, next.sender));
    }
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
    for (bool busy = true;; busy = false) {
      auto next = co_await self.accept<perform_job>();
      if (busy)
        self.send(next.sender, refusal_of(next.content, errc::limit_exceeded));
      else
        self.send(next.sender, success_with(next.content, {}));
    }
  };
  const staged_worker worker{cluster.node(0), 1, body};
  const auto seen = cluster.run(to_submit(sums(2)));
  CHECK(seen.count("done") == 2);
  CHECK(seen.begun_again() == 0);
}

TEST_CASE("a job that a worker refuses because it drains goes to another one", "[dispatch][submitter]") {
  local_cluster cluster{1};
  const auto body = [](coroutine_self self) -> task<> {
    for (;;) {
      auto next = co_await self.accept<perform_job>();
      self.send(next.sender, refusal_of(next.content, errc::not_joined));
    }
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

TEST_CASE("jobs of a worker that came late and died soon come back to a worker with much to do", "[dispatch][submitter]") {
  local_cluster cluster{1};
  std::atomic<bool> asked = false;
  const auto steady = [&asked](coroutine_self self) -> task<> {
    for (bool first = true;; first = false) {
      auto next = co_await self.accept<perform_job>();
      self.send(next.sender, job_begun{next.content.ticket});
      // Only the first is done before the other worker has come and has something to do.
      while (!first && !asked)
        co_await self.sleep_for(1ms);
      self.send(next.sender, success_with(next.content, {}));
    }
  };
  const auto silent = [&asked](coroutine_self self) -> task<> {
    const auto one = co_await self.accept<perform_job>();
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
  const auto submitter = cluster.node(0).start_submitter(order, registry::as_member(self));
  const auto queues = cluster.node(0).queues();
  for (int i = 0; i < 2; ++i) {
    REQUIRE(testing::eventually([&] {
      const auto there = queues.lookup(testing::queue);
      return there.size() == 1 && there[0].who == registry::as_member(last) && read_card(there[0].data).value().load == 1;
    }));
    registry::kill(last);
    self->wait_for(last);
    last = cluster.start_worker(0, 1);
  }
  std::string status;
  const auto sum = collect(self, submitter, 1, [&](const job_report& x) { status = x.status; }, [](const tally&) {});
  CHECK(status == "lost");
  CHECK_FALSE(sum.all_succeeded());
}

} // namespace dispatch
