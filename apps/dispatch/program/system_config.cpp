#include <dispatch/program/system_config.hpp>

#include <caf/config_option_adder.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace dispatch {

namespace {

using registry::errc;
using registry::error;
using registry::result;

constexpr std::string_view group = "dispatch";
constexpr std::size_t most_at_a_time = 100'000;
constexpr std::array<std::string_view, 6> log_levels{"trace", "debug", "info", "warn", "error", "off"};

error wrong(std::string_view option, std::string_view what) {
  return {errc::invalid_argument, fmt::format("option '{}' {}", option, what)};
}

template <class View>
std::string_view text(const View& x) {
  return {x.data(), x.size()};
}

std::chrono::milliseconds in_milliseconds(caf::timespan x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x);
}

} // namespace

system_config::system_config() : timeout_(submission{}.timeout), wait_(submission{}.patience) {
  opt_group{custom_options_, "dispatch"}
      .add(queue_, "queue", "name of the queue")
      .add(capacity_, "capacity", "worker: how many jobs to do at a time")
      .add(workers_, "workers", "worker: how many workers to start in this process")
      .add(jobs_, "jobs", "submit: file with one job in each line, as JSON; - is the standard input")
      .add(results_, "results", "submit: file for the results, which must not exist yet; by default the standard output")
      .add(strategy_, "strategy", "submit: round_robin, random, least, rendezvous or local_first")
      .add(timeout_, "timeout",
           "submit: how long a worker may take for a job it has begun until it ends it and somebody else gets it")
      .add(wait_, "wait", "submit, status: how long to wait for workers while there are none")
      .add(attempts_, "attempts", "submit: how often a job is begun at most")
      .add(log_, "log", "how much to log: trace, debug, info, warn, error or off");
}

bool system_config::is_own_option(const std::string& name) const {
  return std::ranges::any_of(custom_options_,
                             [&](const auto& x) { return text(x.category()) == group && text(x.long_name()) == name; });
}

result<void> system_config::read_arguments(int argc, char** argv) {
  std::vector<std::string> arguments{argv[0]};
  for (int i = 2; i < argc; ++i) {
    std::string_view argument{argv[i]};
    const auto equals = std::min(argument.find('='), argument.size());
    const std::string name{argument.starts_with("--") ? argument.substr(2, equals - 2) : ""};
    if (!is_own_option(name)) {
      arguments.emplace_back(argument);
    } else if (equals < argument.size()) {
      arguments.push_back(fmt::format("--{}.{}", group, argument.substr(2)));
    } else {
      if (++i == argc)
        return wrong(name, "needs a value");
      arguments.push_back(fmt::format("--{}.{}={}", group, name, argv[i]));
    }
  }
  std::vector<char*> pointers;
  for (auto& each : arguments)
    pointers.push_back(each.data());
  if (auto done = read(static_cast<int>(pointers.size()), pointers.data(), "dispatch.conf"); !done)
    return done;
  if (std::ranges::find(log_levels, log_) == log_levels.end())
    return wrong("log", fmt::format("must be trace, debug, info, warn, error or off, not '{}'", log_));
  return registry::success();
}

std::string system_config::help() const {
  return describe_options({group, "registry"}, group);
}

result<worker_options> system_config::worker() const {
  if (queue_.empty())
    return wrong("queue", "is missing: name the queue to work for, as --queue NAME");
  if (capacity_ < 1 || capacity_ > most_at_a_time)
    return wrong("capacity", fmt::format("must be from 1 to {}", most_at_a_time));
  if (workers_ < 1 || workers_ > most_at_a_time)
    return wrong("workers", fmt::format("must be from 1 to {}", most_at_a_time));
  worker_options out;
  out.queue = queue_;
  out.capacity = static_cast<std::int64_t>(capacity_);
  return out;
}

result<submission> system_config::submit() const {
  if (queue_.empty())
    return wrong("queue", "is missing: name the queue to submit to, as --queue NAME");
  if (jobs_.empty())
    return wrong("jobs", "is missing: name the file with the jobs, as --jobs FILE");
  auto how = parse_strategy(strategy_);
  if (!how)
    return how.error();
  submission out;
  out.queue = queue_;
  out.how = how.value();
  out.timeout = in_milliseconds(timeout_);
  out.patience = patience();
  out.most_attempts = static_cast<std::int64_t>(attempts_);
  if (out.timeout <= std::chrono::milliseconds{0})
    return wrong("timeout", "must be at least 1ms");
  if (attempts_ < 1)
    return wrong("attempts", "must be at least 1");
  return out;
}

std::chrono::milliseconds system_config::patience() const {
  return in_milliseconds(wait_);
}

} // namespace dispatch
