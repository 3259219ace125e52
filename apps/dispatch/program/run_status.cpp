#include <dispatch/program/commands.hpp>
#include <dispatch/program/status.hpp>
#include <dispatch/queue.hpp>

#include <support/joining_notice.hpp>

#include <registry/compat/actor.hpp>
#include <registry/coro/event_stream.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>
#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <fmt/chrono.h>

#include <algorithm>
#include <cstdio>

namespace dispatch {

namespace {

constexpr std::chrono::milliseconds first_notice{1000};

/// Ends when there is a worker of any queue, or when the time is up.
registry::task<> look_out(registry::coroutine_self self, registry::scope queues, std::chrono::milliseconds patience) {
  auto all = registry::watch(self, queues);
  if (!all || co_await registry::with_timeout(self, std::min(patience, first_notice), all.value().next()))
    co_return;
  if (patience <= first_notice)
    co_return;
  tell_user(
      fmt::format("waiting for a worker of any queue, for {} at most (--wait)", std::chrono::duration<double>(patience)));
  static_cast<void>(co_await registry::with_timeout(self, patience - first_notice, all.value().next()));
}

} // namespace

int run_status(system_config& config, const registry::cluster_options& cluster) {
  tell_if_alone(cluster);
  caf::actor_system system{config};
  auto home = registry::node::start(system, cluster);
  if (!home)
    return fail(support::failed, home.error());
  auto queues = home.value().open_scope(scope_name);
  if (!queues)
    return fail(support::failed, queues.error());
  support::tell_of_joining(system, home.value(), tell_user);
  {
    caf::scoped_actor self{system};
    self->wait_for(registry::spawn_coroutine(system, look_out, queues.value(), config.patience()));
  }
  const auto synced = queues.value().wait_synced(config.patience());
  const auto table = status_table(queues.value().snapshot());
  const auto peers = home.value().peers().size();
  home.value().stop();
  fmt::print("{}", table.empty() ? fmt::format("no queue has workers; {} other nodes are there\n", peers) : table);
  if (!synced)
    fmt::print(stderr, "dispatch: this may be incomplete: {}\n", synced.error().message());
  return support::succeeded;
}

} // namespace dispatch
