#include <dispatch/jobs/work.hpp>
#include <dispatch/messages.hpp>
#include <dispatch/queue.hpp>
#include <dispatch/worker/job_outcome.hpp>
#include <dispatch/worker/job_table.hpp>
#include <dispatch/worker/worker.hpp>

#include <registry/coro/channel.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/when.hpp>

#include <caf/system_messages.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace dispatch {

namespace {

using registry::coroutine_self;
using registry::errc;
using registry::error;
using registry::result;
using registry::task;
using registry::value;

/// The key of a worker in the scope.
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

/// The commands that a worker waits for, by number. Whoever waits for one is told through its channel.
class command_ends {
public:
  using channel = registry::channel<std::monostate>;

  explicit command_ends(coroutine_self self) : self_(self) {}
  std::uint64_t expect() {
    channels_.emplace(++last_, channel{self_, 1});
    return last_;
  }
  [[nodiscard]] channel end_of(std::uint64_t number) const { return channels_.at(number); }
  void note(std::uint64_t number) {
    if (auto found = channels_.extract(number))
      found.mapped().try_push({});
  }
  void forget(std::uint64_t number) { channels_.erase(number); }

private:
  coroutine_self self_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, channel> channels_;
};

/// The state that the coroutines of a worker share.
struct workplace {
  coroutine_self self;
  post where;
  job_table jobs;
  command_ends commands;
  std::shared_ptr<command_pool> pool;
  registry::channel<std::monostate> drained;

  workplace(coroutine_self by, registry::scope queues, const worker_options& options, std::shared_ptr<command_pool> threads)
      : self(by),
        where(by, std::move(queues), options),
        jobs(by, static_cast<std::size_t>(options.capacity), [this](std::int64_t more) { where.add_load(more); }),
        commands(by),
        pool(std::move(threads)),
        drained(by, 1) {}
};

/// Runs a command to its end, also if it is given up: until it has ended, it has its place.
task<job_outcome> run(workplace* home, std::vector<std::string> command, registry::channel<std::monostate> given_up) {
  const auto number = home->commands.expect();
  auto ended = home->commands.end_of(number);
  std::optional<command_pool::running> command_run;
  std::string problem;
  try {
    command_run.emplace(home->pool->start(std::move(command), home->self.handle(), number));
  } catch (const std::system_error& e) {
    problem = e.what();
  }
  if (!command_run) {
    home->commands.forget(number);
    co_return to_outcome(result<value>(error(errc::failed, "the command cannot be started: " + problem)));
  }
  const auto first = co_await registry::when_any(home->self, ended.next(), given_up.next());
  if (first.index() == 1) {
    command_run->cancel();
    co_await ended.next();
  }
  co_return to_outcome(command_run->take());
}

task<job_outcome> perform(workplace* home, job_table::assignment_ptr job) {
  const auto what = read_work(job->content);
  if (!what)
    co_return to_outcome(result<value>(what.error()));
  if (auto computed = compute(what.value()))
    co_return to_outcome(*std::move(computed));
  home->jobs.announce(*job);
  if (const auto* const pause = std::get_if<sleep_work>(&what.value())) {
    const std::chrono::milliseconds time{pause->ms};
    static_cast<void>(co_await registry::with_timeout(home->self, time, job->given_up.next()));
    co_return to_outcome(result<value>(value{}));
  }
  co_return co_await run(home, std::get<command_work>(what.value()).command, job->given_up);
}

/// A place: does one job after the other.
task<> work_off(workplace* home) {
  auto arrivals = home->jobs.arrivals();
  while (co_await arrivals.next()) {
    while (const auto job = home->jobs.begin_next()) {
      auto came = co_await perform(home, job);
      home->jobs.finish(job, std::move(came));
    }
  }
}

using worker_message =
    registry::incoming<perform_job, run_job, give_up_job, withdraw_job, ask_job, command_finished, drain, caf::down_msg>;

void handle(workplace& home, worker_message got) {
  auto& content = got.content;
  if (auto* const job = std::get_if<perform_job>(&content))
    home.jobs.take_on(std::move(got.sender), std::move(*job));
  else if (auto* const request = std::get_if<run_job>(&content))
    home.jobs.take_on(std::move(got.sender), std::move(*request), std::move(got.reply));
  else if (const auto* const unwanted = std::get_if<give_up_job>(&content))
    home.jobs.give_up(got.sender, unwanted->ticket);
  else if (const auto* const back = std::get_if<withdraw_job>(&content))
    home.jobs.withdraw(got.sender, back->ticket);
  else if (const auto* const question = std::get_if<ask_job>(&content))
    home.jobs.tell_state(got.sender, question->ticket);
  else if (const auto* const ended = std::get_if<command_finished>(&content))
    home.commands.note(ended->number);
  else if (const auto* const gone = std::get_if<caf::down_msg>(&content))
    home.jobs.lose(gone->source);
  else
    home.drained.try_push({});
}

task<> listen(workplace* home) {
  for (;;)
    handle(*home,
           co_await home->self
               .accept<perform_job, run_job, give_up_job, withdraw_job, ask_job, command_finished, drain, caf::down_msg>());
}

} // namespace

task<result<void>> worker(coroutine_self self, registry::scope queues, worker_options options,
                          std::shared_ptr<command_pool> pool) {
  workplace home{self, std::move(queues), options, std::move(pool)};
  if (auto taken = home.where.take_up(); !taken)
    co_return taken.error();
  registry::nursery places{self};
  for (std::int64_t i = 0; i < options.capacity; ++i)
    places.start(work_off(&home));
  registry::nursery listener{self};
  listener.start(listen(&home));

  co_await home.drained.next();

  home.where.begin_to_drain();
  home.jobs.close();
  co_return co_await places.join();
}

} // namespace dispatch
