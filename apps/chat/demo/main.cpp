// Three chat servers that are one network, and a few scripted users, to look at: `chat_demo`, then connect with any IRC client.

#include <chat/demo/conversation.hpp>
#include <chat/demo/free_ports.hpp>
#include <chat/demo/network.hpp>

#include <support/command_line.hpp>
#include <support/exit_status.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace asio = boost::asio;
using chat::demo::network;
using error_code = boost::system::error_code;

struct demo_options {
  std::uint16_t port = 6667;
  std::optional<std::chrono::seconds> limit;
  std::chrono::milliseconds pace{2'500};
};

constexpr const char* example = "  chat_demo --port=7667 --seconds=60\n";

void print(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

int fail(support::exit_status status, std::string_view why) {
  fmt::print(stderr, "chat_demo: {}\n", why);
  return status;
}

std::vector<registry::option_description> table() {
  const auto number = [](const char* name, const char* purpose, const char* otherwise) {
    auto out = registry::option_of_kind(registry::option_kind::number);
    out.name = name;
    out.spelling = std::string{"--"} + name;
    out.purpose = purpose;
    out.default_value = otherwise;
    return out;
  };
  return {number("port", "port of the first server, from 0 to 65533; the others have the next ones; 0 is any free ports",
                 "6667"),
          number("seconds", "seconds after which the demo ends, at most 1000000; without this option Ctrl-C ends it", ""),
          number("pace", "milliseconds between two lines of the conversation, from 10 to 60000", "2500")};
}

registry::result<demo_options> options_from(const support::command_line& line) {
  demo_options out;
  const auto port = line.number("port", out.port, 0, 65'533);
  const auto seconds = line.number("seconds", 0, 0, 1'000'000);
  const auto pace = line.number("pace", 2'500, 10, 60'000);
  for (const auto* each : {&port, &seconds, &pace}) {
    if (!*each)
      return each->error();
  }
  out.port = static_cast<std::uint16_t>(port.value());
  if (line.setting("seconds"))
    out.limit = std::chrono::seconds{seconds.value()};
  out.pace = std::chrono::milliseconds{pace.value()};
  return out;
}

std::vector<std::uint16_t> ports_from(std::uint16_t first) {
  if (first == 0)
    return chat::demo::free_ports(network::size);
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < network::size; ++i)
    ports.push_back(static_cast<std::uint16_t>(first + i));
  return ports;
}

/// The reason why a port cannot be listened on, if any. Asked before, because another server would look like ours.
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
  chat::demo::conversation users{context, servers, options.pace, print};
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
  if (options.limit) {
    limit.expires_after(*options.limit);
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
      return fail(support::failed,
                  fmt::format("cannot listen on 127.0.0.1:{}: {}; choose other ports, such as: chat_demo --port=7667", port,
                              why.message()));
  }
  std::signal(SIGPIPE, SIG_IGN);
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  network servers{here / "chat", ports};
  if (!servers.start())
    return fail(support::failed, "a server has not started; what it printed says why");
  explain(servers);
  talk(servers, options);
  servers.stop();
  return support::succeeded;
}

} // namespace

int main(int argc, char** argv) try {
  support::command_line line{{"chat_demo", "shows three chat servers with a few scripted users", example}};
  line.add_options(table(), {{"Options", "", {}}});
  if (const auto end = line.parse(argc, argv))
    return support::finish(*end);
  const auto options = options_from(line);
  return options ? run(options.value()) : fail(support::wrong_usage, options.error().message());
} catch (const std::exception& unexpected) {
  return fail(support::failed, unexpected.what());
}
