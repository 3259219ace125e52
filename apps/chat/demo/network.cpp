#include <chat/demo/free_ports.hpp>
#include <chat/demo/network.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <csignal>
#include <string_view>
#include <utility>

namespace chat::demo {

namespace {

constexpr std::array<std::string_view, network::size> names{"one.demo", "two.demo", "three.demo"};
constexpr std::chrono::milliseconds glance{20};
constexpr std::chrono::seconds start_patience{60};
constexpr std::chrono::seconds stop_patience{10};

bool can_connect(std::uint16_t port) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  tcp::socket socket{context};
  boost::system::error_code failed;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, failed);
  return !failed;
}

} // namespace

network::network(std::string program, std::vector<std::uint16_t> ports)
    : program_(std::move(program)), ports_(std::move(ports)), node_ports_(free_ports(size)) {}

bool network::start() {
  const auto deadline = std::chrono::steady_clock::now() + start_patience;
  for (std::size_t i = 0; i < size; ++i)
    restart(i);
  for (std::size_t i = 0; i < size; ++i) {
    while (!can_connect(ports_[i])) {
      if (servers_[i]->wait(glance) || std::chrono::steady_clock::now() > deadline)
        return false;
    }
  }
  return true;
}

void network::crash(std::size_t i) {
  servers_[i].reset();
}

void network::restart(std::size_t i) {
  if (!servers_[i])
    servers_[i] = std::make_unique<process>(command(i));
}

void network::stop() {
  for (const auto& each : servers_) {
    if (each)
      each->signal(SIGTERM);
  }
  for (auto& each : servers_) {
    if (each)
      static_cast<void>(each->wait(stop_patience));
    each.reset();
  }
}

std::string network::name(std::size_t i) const {
  return std::string{names[i]};
}

std::vector<std::string> network::command(std::size_t i) const {
  std::string seeds;
  for (auto port : node_ports_)
    seeds += (seeds.empty() ? "\"127.0.0.1:" : ", \"127.0.0.1:") + std::to_string(port) + "\"";
  return {program_,
          "--config-file=/dev/null",
          "--chat.log=warn",
          "--chat.network=demo",
          "--chat.name=" + name(i),
          "--chat.port=" + std::to_string(ports_[i]),
          "--registry.cluster=demo",
          "--registry.listen=127.0.0.1:" + std::to_string(node_ports_[i]),
          "--registry.seeds=[" + seeds + "]"};
}

} // namespace chat::demo
