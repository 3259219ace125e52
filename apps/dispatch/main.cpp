// The work dispatcher as a program: `dispatch --help` shows how to use it.

#include <dispatch/program/commands.hpp>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>
#include <string_view>

namespace {

constexpr std::string_view usage = R"(usage:
  dispatch worker --queue NAME [--capacity N]        does the jobs of a queue
  dispatch submit --queue NAME --jobs FILE           has jobs done, one JSON object a line
                  [--strategy S] [--results FILE]
  dispatch status                                    shows the queues and their workers
  dispatch demo                                      three nodes, eight workers, one is killed
)";

int show_help(const dispatch::system_config& config) {
  fmt::print("{}\noptions, which can also stand in a file (dispatch.conf, or what --config-file names):\n{}", usage,
             config.help());
  return dispatch::all_well;
}

int run(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("dispatch"));
  spdlog::set_level(spdlog::level::warn);
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "demo" && argc == 2)
    return dispatch::run_demo();
  dispatch::system_config config;
  if (command == "--help" || command == "-h" || command == "help")
    return show_help(config);
  if (command != "worker" && command != "submit" && command != "status") {
    fmt::print(stderr, "{}", usage);
    return dispatch::cannot_run;
  }
  if (auto read = config.read_arguments(argc, argv); !read)
    return dispatch::fail(read.error());
  if (config.has_printed_help())
    return show_help(config);
  spdlog::set_level(spdlog::level::from_str(config.log_level()));
  auto cluster = config.cluster();
  if (!cluster)
    return dispatch::fail(cluster.error());
  if (command == "worker")
    return dispatch::run_worker(config, cluster.value());
  return command == "submit" ? dispatch::run_submit(config, cluster.value()) : dispatch::run_status(config, cluster.value());
}

} // namespace

int dispatch::fail(const registry::error& why) {
  fmt::print(stderr, "dispatch: {}\n", why.message());
  return cannot_run;
}

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& unexpected) {
  fmt::print(stderr, "dispatch: {}\n", unexpected.what());
  return dispatch::cannot_run;
}
