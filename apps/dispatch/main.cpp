// The work dispatcher as a program: `dispatch --help` shows how to use it.

#include <dispatch/program/commands.hpp>

#include <support/command_line.hpp>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

constexpr const char* file = "dispatch.conf";

constexpr const char* program_example = R"(  dispatch demo
)";
constexpr const char* worker_example = R"(  dispatch worker --queue=thumbnails --capacity=8 --registry.listen=127.0.0.1:4700
)";
constexpr const char* submit_example = R"(  dispatch submit --queue=thumbnails --jobs=jobs.jsonl --results=results.jsonl \
           --registry.listen=127.0.0.1:0 --registry.seeds=127.0.0.1:4700

  A line of the file with the jobs: {"id": 1, "command": ["convert", "a.png", "a.jpg"]}
)";
constexpr const char* status_example = R"(  dispatch status --registry.listen=127.0.0.1:0 --registry.seeds=127.0.0.1:4700
)";

void describe(support::command_line& line, const dispatch::system_config& config) {
  const auto table = config.options();
  const auto add = [&](support::command_text text, std::vector<std::string> names) {
    const auto title = "Options of " + text.name;
    line.add_command(std::move(text));
    line.add_options(table, {{title, "dispatch", std::move(names)}, {"Cluster options", "registry", {}}}, file);
  };
  add({"worker", "does the jobs of a queue", worker_example}, {"queue", "capacity", "workers", "log"});
  add({"submit", "has the jobs of a file done", submit_example},
      {"queue", "jobs", "results", "strategy", "timeout", "wait", "attempts", "log"});
  add({"status", "shows the queues and their workers", status_example}, {"wait", "log"});
  line.add_command({"demo", "shows three nodes with eight workers, one of which is killed", "  dispatch demo\n"});
}

int run(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("dispatch"));
  spdlog::set_level(spdlog::level::warn);
  dispatch::system_config config;
  support::command_line line{{"dispatch", "gives jobs to workers on any number of nodes", program_example}};
  describe(line, config);
  if (const auto end = line.parse(argc, argv))
    return support::finish(*end);
  const auto command = line.command();
  if (command == "demo")
    return dispatch::run_demo();
  if (auto read = config.read(line.settings(), file); !read)
    return dispatch::fail(support::wrong_usage, read.error());
  auto level = config.log_level();
  if (!level)
    return dispatch::fail(support::wrong_usage, level.error());
  spdlog::set_level(level.value());
  auto cluster = config.cluster();
  if (!cluster)
    return dispatch::fail(support::wrong_usage, cluster.error());
  if (command == "worker")
    return dispatch::run_worker(config, cluster.value());
  return command == "submit" ? dispatch::run_submit(config, cluster.value()) : dispatch::run_status(config, cluster.value());
}

} // namespace

int dispatch::fail(support::exit_status status, const registry::error& why) {
  fmt::print(stderr, "dispatch: {}\n", why.message());
  return status;
}

void dispatch::tell_user(std::string_view text) {
  fmt::print(stderr, "dispatch: {}\n", text);
}

void dispatch::tell_if_alone(const registry::cluster_options& cluster) {
  if (cluster.seeds.empty())
    tell_user("this node knows of no other: name one with --registry.seeds, and give this one an address with "
              "--registry.listen, such as 127.0.0.1:0");
}

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& unexpected) {
  dispatch::tell_user(unexpected.what());
  return support::failed;
}
