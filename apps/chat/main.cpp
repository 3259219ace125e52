// The chat server as a program: `chat --help` shows its options.

#include <chat/server.hpp>
#include <chat/stop_signals.hpp>
#include <chat/system_config.hpp>

#include <caf/actor_system.hpp>

#include <fmt/ranges.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

int fail(std::string_view what, const registry::error& why) {
  spdlog::error("{}: {}", what, why.message());
  return EXIT_FAILURE;
}

int serve(caf::actor_system& system, const registry::cluster_options& cluster, chat::server_options options,
          chat::stop_signals& signals) {
  auto node = registry::node::start(system, cluster);
  if (!node)
    return fail("cannot start the node", node.error());
  auto server = chat::server::start(node.value(), std::move(options));
  if (!server)
    return fail("cannot start the server", server.error());
  spdlog::info("listening on {}", fmt::join(server.value()->addresses(), ", "));
  signals.wait();
  signals.restore();
  spdlog::info("saying goodbye to {} clients", server.value()->session_count());
  server.value()->stop();
  node.value().stop();
  return EXIT_SUCCESS;
}

int run(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("chat"));
  chat::stop_signals signals;
  chat::system_config config;
  if (auto read = config.read(argc, argv, "chat.conf"); !read)
    return fail("cannot start", read.error());
  if (config.has_printed_help()) {
    std::cout << "options, which can also stand in a file (chat.conf, or what --config-file names):\n" << config.help();
    return EXIT_SUCCESS;
  }
  auto level = config.log_level();
  if (!level)
    return fail("cannot start", level.error());
  spdlog::set_level(spdlog::level::from_str(level.value()));
  auto options = config.server();
  if (!options)
    return fail("cannot start", options.error());
  auto cluster = config.cluster();
  if (!cluster)
    return fail("cannot start", cluster.error());
  caf::actor_system system{config};
  return serve(system, cluster.value(), std::move(options).value(), signals);
}

} // namespace

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& unexpected) {
  std::cerr << "chat: " << unexpected.what() << '\n';
  return EXIT_FAILURE;
}
