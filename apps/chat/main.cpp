// The chat server as a program: `chat --help` shows its options.

#include <chat/server.hpp>
#include <chat/system_config.hpp>

#include <support/command_line.hpp>
#include <support/exit_status.hpp>
#include <support/joining_notice.hpp>
#include <support/stop_signals.hpp>

#include <caf/actor_system.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>
#include <semaphore>

namespace {

constexpr const char* example = R"(  chat --chat.name=one.test --chat.port=6667 \
       --registry.listen=127.0.0.1:4700 --registry.seeds=127.0.0.1:4701
)";

int fail(support::exit_status status, const registry::error& why) {
  fmt::print(stderr, "chat: {}\n", why.message());
  return status;
}

int serve(caf::actor_system& system, const registry::cluster_options& cluster, chat::server_options options) {
  std::binary_semaphore stopped{0};
  const support::stop_signals signals{[&](int count) {
    if (count == 1)
      stopped.release();
    else
      spdlog::warn("still saying goodbye; once more ends the program at once");
  }};
  auto node = registry::node::start(system, cluster);
  if (!node)
    return fail(support::failed, node.error());
  auto server = chat::server::start(node.value(), std::move(options));
  if (!server)
    return fail(support::failed, server.error());
  spdlog::info("listening on {} for clients", fmt::join(server.value()->addresses(), ", "));
  support::tell_of_joining(system, node.value(), [](std::string_view text) { spdlog::warn("{}", text); });
  stopped.acquire();
  spdlog::info("saying goodbye to {} clients", server.value()->session_count());
  server.value()->stop();
  node.value().stop();
  return support::succeeded;
}

int run(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("chat"));
  chat::system_config config;
  support::command_line line{{"chat", "a chat server for IRC clients; servers of one cluster are one network", example}};
  line.add_options(config.options(), {{"Chat options", "chat", {}}, {"Cluster options", "registry", {}}}, "chat.conf");
  if (const auto end = line.parse(argc, argv))
    return support::finish(*end);
  if (auto read = config.read(line.settings(), "chat.conf"); !read)
    return fail(support::wrong_usage, read.error());
  auto level = config.log_level();
  if (!level)
    return fail(support::wrong_usage, level.error());
  spdlog::set_level(level.value());
  auto options = config.server();
  if (!options)
    return fail(support::wrong_usage, options.error());
  auto cluster = config.cluster();
  if (!cluster)
    return fail(support::wrong_usage, cluster.error());
  caf::actor_system system{config};
  return serve(system, cluster.value(), std::move(options).value());
}

} // namespace

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& unexpected) {
  fmt::print(stderr, "chat: {}\n", unexpected.what());
  return support::failed;
}
