#include <apps/dispatch/support/gate.hpp>
#include <apps/dispatch/support/local_cluster.hpp>

#include <dispatch/messages.hpp>
#include <dispatch/queue.hpp>

#include <registry/actor/tell.hpp>
#include <registry/compat/actor.hpp>
#include <registry/compat/error.hpp>
#include <registry/value/json.hpp>

#include <support/catch.hpp>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace dispatch {

namespace {

namespace compat = registry::compat;
using registry::errc;
using registry::value;
using testing::eventually;
using testing::gate;
using testing::local_cluster;

struct one_worker {
  explicit one_worker(std::int64_t capacity) : who(cluster.start_worker(0, capacity)) { cluster.await_workers(1); }

  auto ask(const std::string& job) {
    run_job request{registry::from_json(job).value()};
    return compat::request(self, who, std::chrono::seconds{60}, std::move(request));
  }
  worker_card card() {
    const auto there = cluster.node(0).queues().lookup(testing::queue);
    return there.empty() ? worker_card{} : read_card(there[0].data).value();
  }
  bool drains() { return cluster.node(0).queues().count(draining(testing::queue)) == 1; }

  local_cluster cluster{1};
  caf::actor who;
  caf::scoped_actor self{cluster.node(0).system()};
};

template <class Pending>
outcome answer_of(Pending pending) {
  outcome out;
  std::move(pending).receive([&](const outcome& x) { out = x; }, [](const caf::error&) { FAIL("refused"); });
  return out;
}

template <class Pending>
std::optional<registry::error> error_of(Pending pending) {
  std::optional<registry::error> out;
  std::move(pending).receive([](const outcome&) {}, [&](const caf::error& e) { out = compat::from_caf(e); });
  return out;
}

std::string job_behind(const gate& closed) {
  return R"({"command": ["head", "-n", "1", ")" + closed.path() + R"("]})";
}

constexpr const char* long_sleep = R"({"work": "sleep", "ms": 3600000})";

} // namespace

TEST_CASE("a worker does the job it is asked for", "[dispatch][worker]") {
  one_worker w{4};
  const auto sum = answer_of(w.ask(R"({"work": "sum", "numbers": [1, 2]})"));
  CHECK(sum.succeeded);
  CHECK(identical(sum.output, value{3}));
  CHECK(answer_of(w.ask(R"({"work": "sleep", "ms": 1})")).succeeded);
  const auto failed = answer_of(w.ask(R"({"work": "fail", "message": "why"})"));
  CHECK_FALSE(failed.succeeded);
  CHECK(failed.error == "why");
  const auto unknown = answer_of(w.ask(R"({"work": "fly"})"));
  CHECK_FALSE(unknown.succeeded);
  CHECK(unknown.error.starts_with("there is no work 'fly'"));
}

TEST_CASE("a worker runs commands", "[dispatch][worker]") {
  one_worker w{4};
  const auto hi = answer_of(w.ask(R"({"command": ["/bin/echo", "hi"]})"));
  CHECK(hi.succeeded);
  CHECK(identical(hi.output, "hi\n"));
  const auto failed = answer_of(w.ask(R"({"command": ["/bin/sh", "-c", "echo out; echo bad >&2; exit 3"]})"));
  CHECK_FALSE(failed.succeeded);
  CHECK(failed.error == "exit status 3: bad");
  CHECK(identical(failed.output, "out\n"));
  CHECK(answer_of(w.ask(R"({"command": ["/bin/sh", "-c", "kill -9 $$"]})")).error == "ended by signal 9 (Killed)");
  CHECK_FALSE(answer_of(w.ask(R"({"command": ["/no/such"]})")).succeeded);
  const auto bytes = answer_of(w.ask(R"({"command": ["printf", "\\377"]})"));
  CHECK(identical(bytes.output, "\\xff"));
}

TEST_CASE("a worker's load stands in the scope", "[dispatch][worker]") {
  one_worker w{2};
  CHECK(w.card().capacity == 2);
  CHECK(w.card().node == w.cluster.node(0).address());
  std::vector<decltype(w.ask(long_sleep))> pending;
  for (int i = 0; i < 3; ++i)
    pending.push_back(w.ask(long_sleep));
  CHECK(eventually([&] { return w.card().load == 3; }));
  registry::kill(w.who);
  for (auto& each : pending)
    CHECK(error_of(std::move(each)));
}

TEST_CASE("the load has gone down when the answer arrives", "[dispatch][worker]") {
  one_worker w{1};
  for (int i = 0; i < 100; ++i) {
    CHECK(answer_of(w.ask(R"({"work": "sum", "numbers": []})")).succeeded);
    CHECK(w.card().load == 0);
  }
}

TEST_CASE("the client of a worker that is killed gets an error", "[dispatch][worker]") {
  one_worker w{1};
  auto running = w.ask(long_sleep);
  auto waiting = w.ask(long_sleep);
  REQUIRE(eventually([&] { return w.card().load == 2; }));
  registry::kill(w.who);
  CHECK(error_of(std::move(running)) == errc::cancelled);
  CHECK(error_of(std::move(waiting)) == errc::cancelled);
}

TEST_CASE("a worker refuses more than it can keep", "[dispatch][worker]") {
  one_worker w{1};
  std::vector<decltype(w.ask(long_sleep))> pending;
  for (int i = 0; i < 17; ++i)
    pending.push_back(w.ask(long_sleep));
  CHECK(error_of(w.ask(long_sleep)) == errc::limit_exceeded);
  CHECK(w.card().load == 17);
  registry::kill(w.who);
}

TEST_CASE("a worker that drains finishes its jobs and gets no new ones", "[dispatch][worker]") {
  const gate done;
  one_worker w{1};
  auto running = w.ask(job_behind(done));
  auto waiting = w.ask(R"({"command": ["/bin/echo", "hi"]})");
  registry::tell(w.who, drain{});
  CHECK(error_of(w.ask(long_sleep)) == errc::not_joined);
  CHECK(w.cluster.node(0).queues().count(testing::queue) == 0);
  CHECK(w.drains());
  done.let_pass(1);
  CHECK(answer_of(std::move(running)).succeeded);
  CHECK(answer_of(std::move(waiting)).succeeded);
  w.self->wait_for(w.who);
  CHECK(eventually([&] { return !w.drains(); }));
}

TEST_CASE("a worker that drains and has nothing to do ends", "[dispatch][worker]") {
  one_worker w{4};
  registry::tell(w.who, drain{});
  registry::tell(w.who, drain{});
  w.self->wait_for(w.who);
  CHECK(eventually([&] { return w.cluster.node(0).queues().count() == 0; }));
}

TEST_CASE("a command ends with its worker", "[dispatch][worker]") {
  one_worker w{1};
  const auto file = std::filesystem::temp_directory_path() / ("dispatch_command." + std::to_string(::getpid()));
  std::filesystem::remove(file);
  auto running = w.ask(R"({"command": ["/bin/sh", "-c", "echo $$ >)" + file.string() + R"(; exec sleep 3600"]})");
  pid_t command = 0;
  REQUIRE(eventually([&] { return static_cast<bool>(std::ifstream{file} >> command); }));
  std::filesystem::remove(file);
  REQUIRE(::kill(command, 0) == 0);
  registry::kill(w.who);
  CHECK(error_of(std::move(running)));
  CHECK(eventually([&] { return ::kill(command, 0) != 0 && errno == ESRCH; }));
}

namespace {

/// A submitter that is the test.
struct client {
  explicit client(one_worker& of) : worker(&of), self(of.cluster.node(0).system()) {}

  void perform(std::uint64_t ticket, const std::string& job) { send(perform_job{ticket, registry::from_json(job).value()}); }
  template <class Message>
  void tell(std::uint64_t ticket) {
    send(Message{ticket});
  }
  template <class Message>
  void send(Message content) {
    compat::deliver(registry::as_member(worker->who), caf::make_message(std::move(content)), registry::as_member(self));
  }
  /// The next message, whose type and ticket have to be these.
  template <class Message>
  Message expect(std::uint64_t ticket) {
    std::optional<Message> out;
    self->receive([&](Message& x) { out = std::move(x); }, caf::after(std::chrono::seconds{60}) >> [] {});
    REQUIRE(out);
    CHECK(out->ticket == ticket);
    return *std::move(out);
  }

  one_worker* worker;
  caf::scoped_actor self;
};

constexpr const char* quick = R"({"work": "sum", "numbers": [1]})";
constexpr const char* hangs = R"({"command": ["sleep", "1000"]})";

} // namespace

TEST_CASE("a worker says how far a job is", "[dispatch][worker]") {
  const gate done;
  one_worker w{1};
  client by{w};
  by.perform(1, job_behind(done));
  by.expect<job_begun>(1);
  by.perform(2, quick);
  by.expect<job_waiting>(2);
  by.tell<ask_job>(1);
  by.expect<job_begun>(1);
  by.tell<ask_job>(2);
  by.expect<job_waiting>(2);
  by.tell<ask_job>(3);
  by.expect<job_dropped>(3);
  done.let_pass(1);
  CHECK(by.expect<job_done>(1).succeeded);
  // It takes no time, and so has not begun.
  CHECK(identical(by.expect<job_done>(2).output, value{1}));
}

TEST_CASE("a job that is given up frees its place", "[dispatch][worker]") {
  one_worker w{1};
  client by{w};
  by.perform(1, GENERATE(as<std::string>{}, hangs, long_sleep));
  by.expect<job_begun>(1);
  for (std::uint64_t ticket = 2; ticket <= 4; ++ticket) {
    by.perform(ticket, quick);
    by.expect<job_waiting>(ticket);
  }
  by.tell<give_up_job>(3);
  by.expect<job_dropped>(3);
  by.tell<withdraw_job>(4);
  by.expect<job_dropped>(4);
  by.tell<withdraw_job>(1); // it has begun
  CHECK(w.card().load == 2);
  by.tell<give_up_job>(1);
  CHECK(by.expect<job_done>(2).succeeded);
  CHECK(eventually([&] { return w.card().load == 0; }));
}

TEST_CASE("a worker's queue is bounded, and jobs that are given up make room", "[dispatch][worker]") {
  one_worker w{1};
  client by{w};
  by.perform(1, long_sleep);
  by.expect<job_begun>(1);
  for (std::uint64_t ticket = 2; ticket <= 17; ++ticket) {
    by.perform(ticket, quick);
    by.expect<job_waiting>(ticket);
  }
  by.perform(18, quick);
  CHECK(by.expect<job_refused>(18).reason == errc::limit_exceeded);
  by.tell<give_up_job>(5);
  by.expect<job_dropped>(5);
  by.perform(19, quick);
  by.expect<job_waiting>(19);
}

TEST_CASE("the jobs of a submitter that ends are dropped, also those that have begun", "[dispatch][worker]") {
  one_worker w{1};
  {
    client by{w};
    by.perform(1, hangs);
    by.expect<job_begun>(1);
    by.perform(2, hangs);
    by.expect<job_waiting>(2);
  }
  client other{w};
  other.perform(1, quick);
  CHECK(other.expect<job_done>(1).succeeded);
  CHECK(eventually([&] { return w.card().load == 0; }));
}

TEST_CASE("a job that hangs does not keep a worker from draining once it is given up", "[dispatch][worker]") {
  one_worker w{1};
  client by{w};
  by.perform(1, hangs);
  by.expect<job_begun>(1);
  registry::tell(w.who, drain{});
  by.perform(2, quick);
  CHECK(by.expect<job_refused>(2).reason == errc::not_joined);
  by.tell<give_up_job>(1);
  w.self->wait_for(w.who);
}

TEST_CASE("a worker tells of a command all that it knows", "[dispatch][worker]") {
  one_worker w{1};
  client by{w};
  by.perform(1, R"({"command": ["/bin/sh", "-c", "printf 'a\\377b'; echo bad >&2; exit 3"]})");
  by.expect<job_begun>(1);
  const auto failed = by.expect<job_done>(1);
  CHECK_FALSE(failed.succeeded);
  CHECK(failed.error == "exit status 3: bad");
  CHECK(identical(failed.output, "a\\xffb"));
  CHECK(identical(failed.details, registry::object("exit_status", 3, "stderr", "bad\n", "escaped", true)));
}

} // namespace dispatch
