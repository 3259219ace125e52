// Three chat servers that are one network, and a few scripted users, to look at: `chat_demo`, then connect with any IRC client.

#include <chat/demo/conversation.hpp>
#include <chat/demo/free_ports.hpp>
#include <chat/demo/network.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>

namespace {

namespace asio = boost::asio;
using chat::demo::network;
using error_code = boost::system::error_code;

struct demo_options {
  std::uint16_t port = 6667;
  std::optional<unsigned> seconds;
  unsigned pace = 2500;
};

void print(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

int fail(std::string_view why) {
  fmt::print(stderr, "chat_demo: {}\n", why);
  return EXIT_FAILURE;
}

std::vector<std::uint16_t> ports_from(std::uint16_t first) {
  if (first == 0)
    return chat::demo::free_ports(network::size);
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < network::size; ++i)
    ports.push_back(static_cast<std::uint16_t>(first + i));
  return ports;
}

/// Why one cannot listen on the port, if that is so. Asked before, because somebody else's server would look like ours.
error_code objection(std::uint16_t port) {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor{context};
  error_code failed;
  acceptor.open(asio::ip::tcp::v4(), failed);
  acceptor.set_option(asio::socket_base::reuse_address{true}, failed);
  acceptor.bind({asio::ip::address_v4::loopback(), port}, failed);
  return failed;
}

void explain(const network& servers) {
  print("Three chat servers are running, which are one network. To take part, in another terminal one of\n");
  for (std::size_t i = 0; i < network::size; ++i)
    print(fmt::format("    irssi -c 127.0.0.1 -p {}    # {}", servers.port(i), servers.name(i)));
  print(fmt::format("\nand then /join {}. Any other IRC client will do. {} is killed and started again once in a while.\n"
                    "Ctrl-C ends the demo.\n",
                    chat::demo::conversation::channel, servers.name(network::size - 1)));
}

void talk(network& servers, const demo_options& options) {
  asio::io_context context;
  asio::signal_set signals{context, SIGINT, SIGTERM, SIGHUP};
  asio::steady_timer limit{context};
  chat::demo::conversation users{context, servers, std::chrono::milliseconds{options.pace}, print};
  const auto end = [&] {
    signals.cancel();
    limit.cancel();
    users.end();
    context.stop();
  };
  signals.async_wait([&](const error_code& cancelled, int) {
    if (!cancelled)
      end();
  });
  if (options.seconds) {
    limit.expires_after(std::chrono::seconds{*options.seconds});
    limit.async_wait([&](const error_code& cancelled) {
      if (!cancelled)
        end();
    });
  }
  context.run();
  print("\nThe demo ends.");
}

int run(const demo_options& options) {
  const auto ports = ports_from(options.port);
  for (auto port : ports) {
    if (auto why = objection(port))
      return fail(fmt::format("cannot listen on 127.0.0.1:{}: {}; try other ports, for example: chat_demo --port 7667", port,
                              why.message()));
  }
  std::signal(SIGPIPE, SIG_IGN);
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  network servers{here / "chat", ports};
  if (!servers.start())
    return fail("a server does not start");
  explain(servers);
  talk(servers, options);
  servers.stop();
  return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) try {
  demo_options options;
  CLI::App app{"Three chat servers with a few scripted users, to look at"};
  app.add_option("-p,--port", options.port,
                 "Port of the first server, the others have the next ones; 0 lets the system choose")
      ->check(CLI::Range(0, 65'533));
  app.add_option("--seconds", options.seconds, "End after this time instead of at Ctrl-C");
  app.add_option("--pace", options.pace, "Milliseconds between two things that happen")->check(CLI::Range(10, 60'000));
  CLI11_PARSE(app, argc, argv);
  return run(options);
} catch (const std::exception& unexpected) {
  std::fprintf(stderr, "chat_demo: %s\n", unexpected.what());
  return EXIT_FAILURE;
}
