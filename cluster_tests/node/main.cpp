// A node for tests: takes the options of `node_config`, reads commands from its standard input, one line of JSON
// each, and answers with a line each. The first line it writes says where it listens. It ends when its input does.
//
// SPDLOG_LEVEL=debug shows more of what happens.

#include <node/node_config.hpp>
#include <node/session.hpp>

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

void say(const value& x) {
  const auto line = to_json(x);
  std::cout << (line ? line.value() : R"({"error":"the answer has no JSON form"})") << std::endl;
}

int refuse(const error& why) {
  say(object("error", to_string(why)));
  return EXIT_FAILURE;
}

int run(node& home) {
  cluster_tests::session served{home};
  say(served.greeting());
  for (std::string line; !served.is_over() && std::getline(std::cin, line);) {
    const auto command = from_json(line);
    say(command ? served.answer(command.value()) : object("error", to_string(command.error())));
  }
  home.stop();
  return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) try {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("node"));
  spdlog::cfg::load_env_levels();
  cluster_tests::node_config config;
  if (auto read = config.read(argc, argv); !read)
    return refuse(read.error());
  const auto options = config.cluster_with_bounds();
  if (!options)
    return refuse(options.error());
  caf::actor_system system{config};
  auto home = node::start(system, options.value());
  return home ? run(home.value()) : refuse(home.error());
} catch (const std::exception& unexpected) {
  std::cerr << "cluster_node: " << unexpected.what() << '\n';
  return EXIT_FAILURE;
}
