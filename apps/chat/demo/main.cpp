// The chat server with a few scripted users, to look at: `chat_demo`, then connect with any IRC client.

#include <chat/demo/conversation.hpp>
#include <chat/server.hpp>
#include <chat/stop_signals.hpp>
#include <chat/system_config.hpp>

#include <caf/actor_system.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>

namespace {

struct demo_options {
  std::uint16_t port = 6667;
  std::optional<unsigned> seconds;
  unsigned pace = 2500;
};

void print(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

void explain(std::uint16_t port) {
  print(fmt::format("A chat server is running on 127.0.0.1:{}. To take part, in another terminal:\n\n"
                    "    irssi -c 127.0.0.1 -p {}\n\n"
                    "and then /join {}. Any other IRC client will do. Ctrl-C ends the demo.\n",
                    port, port, chat::demo::conversation::channel));
}

int run(const demo_options& options) {
  chat::stop_signals signals;
  chat::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system);
  if (!node) {
    spdlog::error("cannot start the node: {}", registry::to_string(node.error()));
    return EXIT_FAILURE;
  }
  chat::server_options server_options;
  server_options.listen.port = options.port;
  server_options.info.motd = {"This is the demo of the registry.", "Join #lobby: somebody is talking there."};
  auto server = chat::server::start(node.value(), server_options);
  if (!server) {
    spdlog::error("{}", server.error().message());
    spdlog::error("try another port, for example: chat_demo --port 6668");
    return EXIT_FAILURE;
  }
  explain(server.value()->port());
  std::optional<chat::demo::conversation> talk;
  talk.emplace(server.value()->port(), std::chrono::milliseconds{options.pace}, print);
  if (options.seconds)
    signals.wait(std::chrono::seconds{*options.seconds});
  else
    signals.wait();
  signals.restore();
  print("\nThe demo ends.");
  talk.reset();
  server.value()->stop();
  node.value().stop();
  return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) try {
  demo_options options;
  CLI::App app{"A chat server with a few scripted users, to look at"};
  app.add_option("-p,--port", options.port, "Port to listen on; 0 lets the system choose");
  app.add_option("--seconds", options.seconds, "End after this time instead of at Ctrl-C");
  app.add_option("--pace", options.pace, "Milliseconds between two things that happen")->check(CLI::Range(10, 60'000));
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_color_mt("chat"));
  spdlog::set_level(spdlog::level::warn);
  return run(options);
} catch (const std::exception& unexpected) {
  std::fprintf(stderr, "chat_demo: %s\n", unexpected.what());
  return EXIT_FAILURE;
}
