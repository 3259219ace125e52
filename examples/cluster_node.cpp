// A program that runs once per node: it joins a cluster by the options of its command line, and tells which nodes come and
// go.

#include <registry/actor/handle.hpp>
#include <registry/coro/event_stream.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <variant>

using registry::coroutine_self;
using registry::result;
using registry::task;

task<result<void>> watcher(coroutine_self self, registry::scope nodes, std::string own_name) {
  auto changes = registry::watch(self, nodes, "node");
  if (!changes)
    co_return changes.error();
  if (auto joined = nodes.join("node", self.handle(), own_name); !joined)
    co_return joined.error();
  while (auto next = co_await changes.value().next()) {
    if (const auto* there = std::get_if<registry::present_entry>(&*next))
      std::cout << there->what.data << " is here" << std::endl;
    if (const auto* change = std::get_if<registry::event_ptr>(&*next)) {
      for (const auto& each : (*change)->entries)
        std::cout << each.data << ": " << to_string((*change)->what) << ", " << to_string((*change)->why) << std::endl;
    }
  }
  co_return registry::success();
}

int fail(const registry::error& why) {
  std::cerr << why << '\n';
  return EXIT_FAILURE;
}

int main(int argc, char** argv) {
  registry::clustered_system_config config;
  if (auto read = config.read(argc, argv); !read)
    return fail(read.error());
  if (config.has_printed_help())
    return EXIT_SUCCESS;
  auto cluster = config.cluster();
  if (!cluster)
    return fail(cluster.error());
  boost::asio::io_context signals;
  boost::asio::signal_set stop{signals, SIGINT, SIGTERM};
  caf::actor_system system{config};
  auto node = registry::node::start(system, cluster.value());
  if (!node)
    return fail(node.error());

  auto nodes = node.value().open_scope("nodes").value();
  if (auto joined = node.value().wait_joined(std::chrono::seconds{10}); !joined)
    std::cerr << joined.error() << '\n'; // it goes on without the seeds that are missing
  const auto address = node.value().address();
  const auto watching =
      registry::spawn_coroutine(system, watcher, nodes, address ? to_string(*address) : std::string{"a node that is alone"});

  stop.async_wait([](const boost::system::error_code&, int) {});
  signals.run();
  registry::kill(watching);
  caf::scoped_actor self{system};
  self->wait_for(watching);
  if (auto left = node.value().drain(); !left)
    return fail(left.error());
}
