// The chat server as a program: `chat --help` shows its options.

#include <chat/server.hpp>
#include <chat/stop_signals.hpp>

#include <caf/actor_system.hpp>

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

namespace {

struct program_options {
  chat::server_options server;
  std::string motd_file;
  std::string log_level = "info";
};

void add_options(CLI::App& app, program_options& options) {
  auto& [server, motd_file, log_level] = options;
  app.add_option("--host", server.listen.hosts, "Address or host name to listen on; may be given several times");
  app.add_option("-p,--port", server.listen.port, "Port to listen on; 0 lets the system choose");
  app.add_option("--name", server.info.name, "Name of this server; it should contain a dot");
  app.add_option("--network", server.info.network, "Name of the network");
  app.add_option("--motd", motd_file, "File with the message of the day")->check(CLI::ExistingFile);
  app.add_option("--max-clients", server.listen.max_connections, "How many clients may be connected");
  app.add_option("--max-channels", server.info.max_channels, "How many channels one client may be in")
      ->check(CLI::Range(std::size_t{1}, std::size_t{32}));
  app.add_option("--send-queue", server.listen.limits.send_queue, "How many bytes may wait for a client that does not read");
  app.add_option("--tick", server.tick, "Milliseconds after which a silent client is asked whether it is there")
      ->check(CLI::Range(100, 3'600'000));
  app.add_option("--log", log_level, "How much to log")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
}

std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

int run(program_options options) {
  chat::stop_signals signals;
  chat::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system);
  if (!node) {
    spdlog::error("cannot start the node: {}", registry::to_string(node.error()));
    return EXIT_FAILURE;
  }
  auto server = chat::server::start(node.value(), std::move(options.server));
  if (!server) {
    spdlog::error("cannot start the server: {}", registry::to_string(server.error()));
    return EXIT_FAILURE;
  }
  spdlog::info("listening on {}", fmt::join(server.value()->addresses(), ", "));
  signals.wait();
  signals.restore();
  spdlog::info("saying goodbye to {} clients", server.value()->session_count());
  server.value()->stop();
  node.value().stop();
  return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) try {
  program_options options;
  CLI::App app{"A chat server for IRC clients"};
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_color_mt("chat"));
  spdlog::set_level(spdlog::level::from_str(options.log_level));
  if (!options.motd_file.empty())
    options.server.info.motd = lines_of(options.motd_file);
  return run(std::move(options));
} catch (const std::exception& unexpected) {
  std::cerr << "chat: " << unexpected.what() << '\n';
  return EXIT_FAILURE;
}
