#include <dispatch/jobs/job.hpp>
#include <dispatch/program/collector.hpp>
#include <dispatch/program/commands.hpp>
#include <dispatch/program/progress.hpp>
#include <dispatch/program/shortage.hpp>
#include <dispatch/queue.hpp>
#include <dispatch/submitter/submitter.hpp>

#include <support/joining_notice.hpp>
#include <support/stop_signals.hpp>

#include <registry/actor/tell.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

namespace dispatch {

namespace {

using registry::errc;
using registry::error;
using registry::result;

/// The file of the results. A line is with the system when `write` returns, so that nothing is lost if this process is killed.
class result_file {
public:
  /// An existing file is not overwritten. An empty name is the standard output.
  static result<result_file> open(const std::string& name) {
    if (name.empty())
      return result_file{stdout, "the standard output"};
    auto* const file = std::fopen(name.c_str(), "wx");
    if (file == nullptr)
      return error(errc::invalid_argument, fmt::format("cannot write the results to '{}': {}{}", name, std::strerror(errno),
                                                       errno == EEXIST ? "; name another file, or remove it" : ""));
    return result_file{file, name};
  }
  void write(const job_report& x) {
    if (!failed_ && (std::fputs((to_line(x) + "\n").c_str(), file_.get()) < 0 || std::fflush(file_.get()) != 0))
      failed_ = error(errc::failed, fmt::format("cannot write to {}: {}", name_, std::strerror(errno)));
  }
  [[nodiscard]] const std::optional<error>& failed() const noexcept { return failed_; }

private:
  result_file(std::FILE* file, std::string name)
      : file_(file, [](std::FILE* x) { return x == stdout ? 0 : std::fclose(x); }), name_(std::move(name)) {}

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::string name_;
  std::optional<error> failed_;
};

summary submit(caf::actor_system& system, const registry::scope& queues, submission what, result_file& results) {
  const auto total = what.jobs.size();
  shortage lack{what.queue, what.patience, std::chrono::steady_clock::now()};
  caf::scoped_actor self{system};
  const auto who = registry::spawn_coroutine(system, submitter, queues, std::move(what), registry::as_member(self));
  const support::stop_signals on_signal{[&](int count) {
    fmt::print(stderr, "\n{}\n", count == 1 ? "waiting for the jobs under way; Ctrl-C ends them" : "ending the jobs");
    if (count == 1)
      registry::tell(who, stop{});
    else
      registry::kill(who);
  }};
  progress shown{::isatty(STDERR_FILENO) != 0, std::chrono::steady_clock::now()};
  const auto on_result = [&](const job_report& x) {
    results.write(x);
    if (results.failed())
      registry::tell(who, stop{});
  };
  auto out = collect(self, who, total, on_result, [&](const tally& now) {
    if (const auto text = lack.update(now.workers, std::chrono::steady_clock::now()))
      tell_user(*text);
    if (const auto text = shown.update(now, std::chrono::steady_clock::now()))
      fmt::print(stderr, "{}", *text);
  });
  fmt::print(stderr, "{}", shown.finish(out.counts, std::chrono::steady_clock::now()));
  return out;
}

} // namespace

int run_submit(system_config& config, const registry::cluster_options& cluster) {
  auto order = config.submit();
  if (!order)
    return fail(support::wrong_usage, order.error());
  auto jobs = read_jobs(config.jobs_file());
  if (!jobs)
    return fail(support::wrong_usage,
                error(jobs.error().code(), fmt::format("{}\nnothing has been submitted", jobs.error().message())));
  order.value().jobs = std::move(jobs).value();
  tell_if_alone(cluster);
  caf::actor_system system{config};
  auto home = registry::node::start(system, cluster);
  if (!home)
    return fail(support::failed, home.error());
  auto queues = home.value().open_scope(scope_name);
  if (!queues)
    return fail(support::failed, queues.error());
  support::tell_of_joining(system, home.value(), tell_user);
  auto results = result_file::open(config.results_file());
  if (!results)
    return fail(support::wrong_usage, results.error());
  const auto done = submit(system, queues.value(), std::move(order).value(), results.value());
  home.value().stop();
  if (!done.problem.empty())
    fmt::print(stderr, "dispatch: {}; {} jobs have not been done\n", done.problem,
               done.counts.total - done.counts.succeeded);
  if (results.value().failed())
    return fail(support::failed, *results.value().failed());
  return done.all_succeeded() ? support::succeeded : support::failed;
}

} // namespace dispatch
