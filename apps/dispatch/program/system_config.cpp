#include <dispatch/program/system_config.hpp>

#include <support/log_level.hpp>

#include <fmt/format.h>

namespace dispatch {

namespace {

using registry::result;

constexpr std::size_t most_at_a_time = 100'000;

std::chrono::milliseconds in_milliseconds(caf::timespan x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x);
}

} // namespace

system_config::system_config() : timeout_(submission{}.timeout), wait_(submission{}.patience) {
  write_without_group("dispatch");
  option_group{*this, "dispatch"}
      .add(queue_, "queue", "name of the queue; required")
      .add(capacity_, "capacity", "greatest number of jobs that a worker does at a time, from 1 to 100000")
      .add(workers_, "workers", "number of workers in this process, from 1 to 100000")
      .add(jobs_, "jobs", "file with one job in each line, as JSON; - is the standard input; required")
      .add(results_, "results", "file for the results, which must not exist yet; without one they go to the standard output")
      .add(strategy_, "strategy", "choice among the workers: round_robin, random, least, rendezvous or local_first")
      .add(timeout_, "timeout", "time limit of a job, from its begin; then it is ended, and given to another worker")
      .add(wait_, "wait", "time to wait for workers while there are none")
      .add(attempts_, "attempts", "greatest number of times that a job is begun, at least 1")
      .add(log_, "log", "least severe messages to log: trace, debug, info, warn, error or off");
}

result<worker_options> system_config::worker() const {
  if (queue_.empty())
    return wrong_option("dispatch.queue", "is missing: name the queue to work for, as --queue NAME");
  if (capacity_ < 1 || capacity_ > most_at_a_time)
    return wrong_option("dispatch.capacity", fmt::format("must be from 1 to {}", most_at_a_time));
  if (workers_ < 1 || workers_ > most_at_a_time)
    return wrong_option("dispatch.workers", fmt::format("must be from 1 to {}", most_at_a_time));
  worker_options out;
  out.queue = queue_;
  out.capacity = static_cast<std::int64_t>(capacity_);
  return out;
}

result<submission> system_config::submit() const {
  if (queue_.empty())
    return wrong_option("dispatch.queue", "is missing: name the queue to submit to, as --queue NAME");
  if (jobs_.empty())
    return wrong_option("dispatch.jobs", "is missing: name the file with the jobs, as --jobs FILE");
  auto how = parse_strategy(strategy_);
  if (!how)
    return wrong_option("dispatch.strategy", how.error().message());
  submission out;
  out.queue = queue_;
  out.how = how.value();
  out.timeout = in_milliseconds(timeout_);
  out.patience = patience();
  out.most_attempts = static_cast<std::int64_t>(attempts_);
  if (out.timeout <= std::chrono::milliseconds{0})
    return wrong_option("dispatch.timeout", "must be at least 1ms");
  if (attempts_ < 1)
    return wrong_option("dispatch.attempts", "must be at least 1");
  return out;
}

result<spdlog::level::level_enum> system_config::log_level() const {
  if (const auto level = support::parse_log_level(log_))
    return *level;
  return wrong_option("dispatch.log", support::not_a_log_level(log_));
}

std::chrono::milliseconds system_config::patience() const {
  return in_milliseconds(wait_);
}

} // namespace dispatch
