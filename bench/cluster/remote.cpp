#include <bench/cluster/remote.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace registry::bench {

namespace {

constexpr std::chrono::seconds patience{90};

std::vector<std::string> command_of(const std::vector<std::string>& options) {
  std::vector<std::string> out{BENCH_NODE_PROGRAM};
  for (const auto& x : options)
    out.push_back("--registry." + x);
  return out;
}

} // namespace

remote::remote(const std::vector<std::string>& options) : process_(command_of(options)) {
  address_ = next_line();
}

std::string remote::next_line() {
  auto line = process_.read_line(patience);
  if (!line) {
    std::cerr << "a node does not answer:\n" << process_.log() << '\n';
    std::exit(EXIT_FAILURE);
  }
  return *std::move(line);
}

std::string remote::ask(const std::string& command) {
  process_.write_line(command);
  return next_line();
}

std::int64_t remote::ask_number(const std::string& command) {
  const auto answer = ask(command);
  char* end = nullptr;
  const auto out = std::strtoll(answer.c_str(), &end, 10);
  if (answer.empty() || *end != '\0') {
    std::cerr << command << ": " << answer << '\n';
    std::exit(EXIT_FAILURE);
  }
  return out;
}

std::int64_t now_in_nanoseconds() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

std::uint16_t free_port() {
  boost::asio::io_context context;
  const boost::asio::ip::tcp::acceptor taken(context, {boost::asio::ip::address_v4::loopback(), 0});
  return taken.local_endpoint().port();
}

} // namespace registry::bench
