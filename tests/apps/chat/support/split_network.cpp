#include <apps/chat/support/split_network.hpp>

#include <chat/demo/free_ports.hpp>
#include <support/own_host.hpp>

#include <stdexcept>
#include <string>

namespace chat::testing {

namespace {

/// Long for a machine that is busy, and short for a test of silence.
constexpr std::chrono::seconds suspect_after{3};
constexpr std::chrono::hours down_after{1};

} // namespace

split_network::split_network() {
  const auto ports = demo::free_ports(2);
  const auto host = registry::testing::own_host();
  for (std::size_t i = 0; i < 2; ++i) {
    ways_.push_back(std::make_unique<cluster_tests::proxy>());
    ways_[i]->lead_to({host, ports[i]});
  }
  for (std::size_t i = 0; i < 2; ++i) {
    auto options = loopback({to_string(ways_[1 - i]->address())});
    options.listen = host + ":" + std::to_string(ports[i]);
    options.advertise = to_string(ways_[i]->address());
    options.heartbeat_interval = std::chrono::milliseconds{100};
    options.suspect_after = suspect_after;
    options.down_after = down_after;
    server_info info;
    info.name = "s" + std::to_string(i) + ".test";
    nodes_.push_back(std::make_unique<chat_world>(info, options));
  }
  heal();
}

void split_network::cut() {
  for (const auto& way : ways_)
    way->refuse();
  for (const auto& node : nodes_) {
    if (!eventually([&] { return node->home.peers().empty(); }))
      throw std::runtime_error("a lost node is not given up");
    node->flush();
  }
}

void split_network::silence() {
  for (const auto& way : ways_)
    way->silence();
  for (const auto& node : nodes_) {
    if (!eventually([&] { return !is_linked(*node, 1); }))
      throw std::runtime_error("a silent node is not noticed");
  }
}

void split_network::heal() {
  for (const auto& way : ways_)
    way->restore();
  for (const auto& node : nodes_) {
    if (!eventually([&] { return is_linked(*node, 1); }))
      throw std::runtime_error("the nodes do not find each other");
  }
  settle(nodes_);
}

} // namespace chat::testing
