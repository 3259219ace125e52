#include <dispatch/jobs/work.hpp>
#include <dispatch/queue.hpp>
#include <dispatch/worker/worker.hpp>

#include <registry/coro/channel.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/serve.hpp>
#include <registry/coro/when.hpp>
#include <registry/value/json.hpp>

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace dispatch {

namespace {

using registry::coroutine_self;
using registry::errc;
using registry::error;
using registry::result;
using registry::task;
using registry::value;

/// Several submitters may fill a worker at the same time: so many times its capacity may wait.
constexpr std::size_t most_waiting_per_place = 16;

/// A job that a worker has taken on.
struct assignment {
  assignment(value what, registry::responder duty) : content(std::move(what)), reply(std::move(duty)) {}
  value content;
  registry::responder reply;
};

using assignments = registry::channel<assignment>;

/// Where a worker stands in the scope.
class post {
public:
  post(coroutine_self self, registry::scope queues, worker_options options)
      : self_(self), queues_(std::move(queues)), options_(std::move(options)) {
    card_.name = fmt::format("{}/{}", options_.node, self.handle()->id());
    card_.node = options_.node;
    card_.capacity = options_.capacity;
  }
  result<void> take_up() { return queues_.join(key_, self_.handle(), to_value(card_)); }
  /// There is nothing to be done about an error: the scope has been closed, and the program ends.
  void begin_to_drain() {
    key_ = draining(options_.queue);
    static_cast<void>(queues_.join(key_, self_.handle(), to_value(card_)));
    static_cast<void>(queues_.leave(options_.queue, self_.handle()));
  }
  void add_load(std::int64_t more) {
    card_.load += more;
    static_cast<void>(queues_.update_value(key_, self_.handle(), to_value(card_)));
  }

private:
  coroutine_self self_;
  registry::scope queues_;
  worker_options options_;
  value key_{options_.queue};
  worker_card card_;
};

/// What is no text has its own form in JSON.
value text_or_bytes(const std::string& x) {
  value text{x};
  return registry::to_json(text) ? text : value::bytes(std::as_bytes(std::span{x}));
}

outcome outcome_of(result<value> computed) {
  if (!computed)
    return {false, {}, std::string{computed.error().message()}};
  return {true, std::move(computed).value(), {}};
}

outcome outcome_of(const command_ended& x) {
  if (!x.problem.empty())
    return {false, {}, x.problem};
  const auto how = x.status < 0 ? fmt::format("ended by signal {}", -x.status) : fmt::format("exit status {}", x.status);
  auto detail = registry::to_json(value{x.errors}) ? x.errors : std::string{};
  detail.erase(detail.find_last_not_of(" \n") + 1);
  if (x.status != 0)
    return {false, text_or_bytes(x.output), detail.empty() ? how : how + ": " + detail};
  return {true, text_or_bytes(x.output), detail};
}

task<outcome> perform(coroutine_self self, value job, std::shared_ptr<command_pool> pool) {
  const auto what = read_work(job);
  if (!what)
    co_return outcome_of(result<value>(what.error()));
  if (const auto* const pause = std::get_if<sleep_work>(&what.value())) {
    co_await self.sleep_for(std::chrono::milliseconds{pause->ms});
    co_return outcome_of(result<value>(value{}));
  }
  if (const auto* const run = std::get_if<command_work>(&what.value())) {
    const auto ended = co_await run_command(self, std::move(pool), run->command);
    if (!ended)
      co_return outcome_of(result<value>(ended.error()));
    co_return outcome_of(ended.value());
  }
  co_return outcome_of(*compute(what.value()));
}

task<> work_off(coroutine_self self, assignments jobs, post* where, std::shared_ptr<command_pool> pool) {
  while (auto job = co_await jobs.next()) {
    auto done = co_await perform(self, std::move(job->content), pool);
    // Whoever gets the answer and looks sees the new load.
    where->add_load(-1);
    job->reply.answer(std::move(done));
  }
}

/// Takes jobs on until it is told to drain.
task<> take_on(coroutine_self self, assignments jobs, post* where, std::size_t most_waiting) {
  for (;;) {
    auto got = co_await self.accept<run_job, drain>();
    auto* const job = std::get_if<run_job>(&got.content);
    if (job == nullptr)
      co_return;
    if (jobs.size() >= most_waiting) {
      got.reply.refuse(error(errc::limit_exceeded, "the worker has too much to do"));
      continue;
    }
    where->add_load(1);
    jobs.try_push(assignment(std::move(job->content), std::move(got.reply)));
  }
}

task<result<void>> finish(registry::nursery* runners) {
  co_return co_await runners->join();
}

} // namespace

task<result<void>> worker(coroutine_self self, registry::scope queues, worker_options options,
                          std::shared_ptr<command_pool> pool) {
  post where{self, std::move(queues), options};
  if (auto taken = where.take_up(); !taken)
    co_return taken.error();
  const auto most_waiting = most_waiting_per_place * static_cast<std::size_t>(options.capacity);
  assignments jobs{self, most_waiting};
  registry::nursery runners{self};
  for (std::int64_t i = 0; i < options.capacity; ++i)
    runners.start(work_off(self, jobs, &where, pool));

  co_await take_on(self, jobs, &where, most_waiting);

  where.begin_to_drain();
  jobs.close();
  const auto refuse = [](run_job) -> result<outcome> { return error(errc::not_joined, "the worker drains"); };
  const auto ignore = [](drain) {};
  co_await registry::when_any(self, finish(&runners), registry::serve(self, refuse, ignore));
  co_return registry::success();
}

} // namespace dispatch
