#include <dispatch/messages.hpp>
#include <dispatch/program/commands.hpp>
#include <dispatch/queue.hpp>
#include <dispatch/worker/worker.hpp>

#include <support/joining_notice.hpp>
#include <support/stop_signals.hpp>

#include <registry/actor/tell.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <vector>

namespace dispatch {

namespace {

void announce(const registry::node& home, const worker_options& options, std::size_t workers) {
  const auto where =
      home.address() ? "listening on " + registry::to_string(*home.address()) : "alone, as it does not listen";
  fmt::print("{}\n{} workers for the queue '{}', {} jobs at a time each\n", where, workers, options.queue, options.capacity);
  std::fflush(stdout);
}

} // namespace

int run_worker(system_config& config, const registry::cluster_options& cluster) {
  auto options = config.worker();
  if (!options)
    return fail(support::wrong_usage, options.error());
  const auto pool = std::make_shared<command_pool>(); // destroyed last
  caf::actor_system system{config};
  auto home = registry::node::start(system, cluster);
  if (!home)
    return fail(support::failed, home.error());
  auto queues = home.value().open_scope(scope_name);
  if (!queues)
    return fail(support::failed, queues.error());
  if (const auto address = home.value().address())
    options.value().node = registry::to_string(*address);

  std::vector<caf::actor> workers;
  for (std::size_t i = 0; i < config.workers(); ++i)
    workers.push_back(registry::spawn_coroutine(system, worker, queues.value(), options.value(), pool));
  std::atomic<int> interrupted = 0;
  {
    const support::stop_signals stop{[&](int count) {
      interrupted = count;
      fmt::print(stderr, "{}\n", count == 1 ? "finishing the jobs that have begun; Ctrl-C ends them" : "ending the jobs");
      for (const auto& who : workers) {
        if (count == 1)
          registry::tell(who, drain{});
        else
          registry::kill(who);
      }
    }};
    announce(home.value(), options.value(), workers.size());
    support::tell_of_joining(system, home.value(), tell_user);
    caf::scoped_actor self{system};
    for (const auto& who : workers)
      self->wait_for(who);
  }
  home.value().stop();
  return interrupted > 0 ? support::succeeded : support::failed;
}

} // namespace dispatch
