// The program `cluster_node`: see `cluster_node --help`.

#include <node/line_output.hpp>
#include <node/options.hpp>
#include <node/session.hpp>

#include <registry/node/clustered_system_config.hpp>
#include <registry/value/json.hpp>

#include <caf/actor_system.hpp>

#include <spdlog/cfg/env.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

namespace {

using namespace registry;
using cluster_tests::write_line;

int run(node& home, bool opens_scopes) {
  cluster_tests::session served{home};
  if (opens_scopes) {
    served.answer(object("do", "open"));
    served.answer(object("do", "open", "scope", "names", "unique", true));
  }
  write_line(served.greeting());
  for (std::string line; !served.is_over() && std::getline(std::cin, line);) {
    const auto command = from_json(line);
    write_line(command ? served.answer(command.value()) : object("error", to_string(command.error())));
  }
  home.stop();
  return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) try {
  // The standard output is for answers.
  spdlog::set_default_logger(spdlog::stderr_logger_mt("node"));
  spdlog::cfg::load_env_levels();
  const auto options = cluster_tests::read_options(argc, argv);
  if (options.exit_status)
    return *options.exit_status;
  clustered_system_config config;
  caf::actor_system system{config};
  auto home = node::start(system, options.cluster);
  if (home)
    return run(home.value(), options.opens_scopes);
  write_line(object("error", to_string(home.error())));
  return EXIT_FAILURE;
} catch (const std::exception& unexpected) {
  std::cerr << "cluster_node: " << unexpected.what() << '\n';
  return EXIT_FAILURE;
}
