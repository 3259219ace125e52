// The presence service of docs/tutorial.md, on any number of nodes.

#include <presence/console.hpp>
#include <presence/watcher.hpp>

#include <registry/coro/spawn.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace {

int fail(const registry::error& why) {
  std::cerr << "presence: " << why.message() << '\n';
  return EXIT_FAILURE;
}

} // namespace

int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("presence"));
  registry::clustered_system_config config;
  if (auto read = config.read(argc, argv); !read)
    return fail(read.error());
  if (config.has_printed_help())
    return EXIT_SUCCESS;
  auto cluster = config.cluster();
  if (!cluster)
    return fail(cluster.error());

  caf::actor_system system{config};
  auto node = registry::node::start(system, cluster.value());
  if (!node)
    return fail(node.error());
  auto people = node.value().open_scope("people").value();
  if (auto joined = node.value().wait_joined(std::chrono::seconds{10}); !joined)
    std::cerr << "presence: " << joined.error().message() << '\n';

  auto watching = registry::spawn_coroutine(system, presence::watcher, people, presence::print_line);
  presence::console console{system, people, presence::print_line};
  console.run(std::cin);
  caf::anon_send_exit(watching, caf::exit_reason::user_shutdown);
  if (auto left = node.value().drain(); !left)
    return fail(left.error());
  return EXIT_SUCCESS;
}
