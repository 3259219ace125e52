// The presence service of docs/tutorial.md, on any number of nodes.

#include <presence/console.hpp>
#include <presence/input.hpp>
#include <presence/watcher.hpp>

#include <support/command_line.hpp>
#include <support/exit_status.hpp>
#include <support/joining_notice.hpp>
#include <support/stop_signals.hpp>

#include <registry/coro/spawn.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <iostream>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace {

constexpr const char* file = "presence.conf";
constexpr const char* example = R"(  presence --registry.listen=127.0.0.1:4701 --registry.seeds=127.0.0.1:4700

  Commands, one a line: come NAME PLACE, say NAME STATE, who [PATTERN]. The end of the input (Ctrl-D) ends the program.
)";

void complain(std::string_view what) {
  std::cerr << "presence: " + std::string{what} + "\n";
}

int fail(support::exit_status status, const registry::error& why) {
  complain(why.message());
  return status;
}

/// The exit status if there is nothing more to do.
std::optional<int> read_options(int argc, char** argv, registry::clustered_system_config& config) {
  support::command_line line{{"presence", "shows who is online, on any number of nodes", example}};
  line.add_options(config.options(), {{"Cluster options", "registry", {}}}, file);
  if (const auto end = line.parse(argc, argv))
    return support::finish(*end);
  if (auto read = config.read(line.settings(), file); !read)
    return fail(support::wrong_usage, read.error());
  return std::nullopt;
}

} // namespace

int main(int argc, char** argv) try {
  spdlog::set_default_logger(spdlog::stderr_color_mt("presence"));
  registry::clustered_system_config config;
  if (const auto status = read_options(argc, argv, config))
    return *status;
  auto cluster = config.cluster();
  if (!cluster)
    return fail(support::wrong_usage, cluster.error());

  caf::actor_system system{config};
  auto node = registry::node::start(system, cluster.value());
  if (!node)
    return fail(support::failed, node.error());
  auto people = node.value().open_scope("people").value();
  support::tell_of_joining(system, node.value(), complain);
  if (auto joined = node.value().wait_joined(std::chrono::seconds{10}); !joined)
    complain("going on without the cluster");

  auto watching = registry::spawn_coroutine(system, presence::watcher, people, presence::print_line);
  presence::input input;
  const support::stop_signals signals{[&](int) { input.end(); }};
  std::istream commands{&input};
  presence::console console{system, people, presence::print_line};
  console.run(commands);
  caf::anon_send_exit(watching, caf::exit_reason::user_shutdown);
  if (auto left = node.value().drain(); !left)
    return fail(support::failed, left.error());
  return support::succeeded;
} catch (const std::exception& unexpected) {
  complain(unexpected.what());
  return support::failed;
}
