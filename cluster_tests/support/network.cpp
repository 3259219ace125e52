#include <support/network.hpp>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cluster_tests {

namespace {

const std::string nobody = "02:00:00:00:ff:ff";

std::string hardware_of(std::size_t host) {
  return "02:00:00:00:00:0" + std::to_string(host + 1);
}

std::string path_of(const descriptor& space) {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(space.descriptor());
}

/// A thread moves to a new namespace, and ends; the descriptor keeps the namespace.
descriptor make_namespace() {
  descriptor made;
  std::thread{[&] {
    if (::unshare(CLONE_NEWNET) == 0)
      made = descriptor{::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
  }}.join();
  return made;
}

void run(const descriptor& space, const std::string& command) {
  std::istringstream words{command};
  std::vector<std::string> arguments;
  for (std::string word; words >> word;)
    arguments.push_back(word);
  child_process tool{arguments, {space.descriptor(), false, {}}};
  if (tool.wait(std::chrono::minutes{1}) != 0)
    throw std::runtime_error(command + ": " + tool.log());
}

} // namespace

std::string network::missing() {
  if (!make_namespace())
    return "no network namespace can be made: this needs root";
  try {
    child_process tool{{"ip", "-V"}};
    if (tool.wait(std::chrono::minutes{1}) != 0)
      return "there is no program `ip`: install iproute2";
    const network trial{1};
  } catch (const std::exception& wrong) {
    return wrong.what();
  }
  return {};
}

std::string network::lacks_bad_lines() {
  if (auto why = missing(); !why.empty())
    return why;
  try {
    network trial{1};
    trial.limit(0, 1'000'000);
    trial.limit(0, 0);
    trial.lose(0, 1);
    trial.lose(0, 0);
  } catch (const std::exception& wrong) {
    return std::string{wrong.what()} + " (this needs the programs `tc` and `nft`: install iproute2 and nftables)";
  }
  return {};
}

network::network(std::size_t hosts) : bridge_(make_namespace()), limited_(hosts), loses_(hosts) {
  run(bridge_, "ip link add bridge0 type bridge");
  run(bridge_, "ip link set bridge0 up");
  for (std::size_t i = 0; i < hosts; ++i) {
    hosts_.push_back(make_namespace());
    const auto port = "port" + std::to_string(i);
    run(bridge_,
        "ip link add " + port + " type veth peer name eth0 address " + hardware_of(i) + " netns " + path_of(hosts_[i]));
    run(bridge_, "ip link set " + port + " master bridge0 up");
    run(hosts_[i], "ip link set lo up");
    run(hosts_[i], "ip address add " + address(i) + "/24 dev eth0");
    run(hosts_[i], "ip link set eth0 up");
  }
  for (std::size_t i = 0; i < hosts; ++i) {
    for (std::size_t k = 0; k < hosts; ++k) {
      if (i != k)
        restore(i, k);
    }
  }
}

child_process::surroundings network::on(std::size_t host) const {
  return {hosts_.at(host).descriptor(), false, {}};
}

std::string network::address(std::size_t host) {
  return "10.77.0." + std::to_string(host + 1);
}

void network::cut(std::size_t from, std::size_t to) const {
  neighbour(from, to, nobody);
}

void network::restore(std::size_t from, std::size_t to) const {
  neighbour(from, to, hardware_of(to));
}

void network::neighbour(std::size_t of, std::size_t host, const std::string& hardware) const {
  run(hosts_.at(of), "ip neighbour replace " + address(host) + " lladdr " + hardware + " nud permanent dev eth0");
}

void network::part(const std::vector<std::size_t>& some, const std::vector<std::size_t>& others) const {
  for (const auto a : some) {
    for (const auto b : others) {
      cut(a, b);
      cut(b, a);
    }
  }
}

void network::heal(const std::vector<std::size_t>& some, const std::vector<std::size_t>& others) const {
  for (const auto a : some) {
    for (const auto b : others) {
      restore(a, b);
      restore(b, a);
    }
  }
}

void network::limit(std::size_t host, std::size_t bits_per_second) {
  const auto& space = hosts_.at(host);
  if (limited_[host])
    run(space, "tc qdisc delete dev eth0 root");
  limited_[host] = bits_per_second != 0;
  if (bits_per_second == 0)
    return;
  // What the timer of the system lets through at once; below, packets of full size would have no room.
  const auto burst = std::max<std::size_t>(16'384, bits_per_second / 8 / 100);
  run(space, "tc qdisc add dev eth0 root tbf rate " + std::to_string(bits_per_second) + "bit burst " +
                 std::to_string(burst) + " limit " + std::to_string(burst + 65'536));
}

void network::lose(std::size_t host, std::size_t percent) {
  const auto& space = hosts_.at(host);
  if (loses_[host])
    run(space, "nft delete table ip loss");
  loses_[host] = percent != 0;
  if (percent == 0)
    return;
  run(space, "nft add table ip loss");
  run(space, "nft add chain ip loss input { type filter hook input priority 0 ; }");
  run(space, "nft add rule ip loss input iifname eth0 numgen random mod 100 < " + std::to_string(percent) + " drop");
}

void network::unplug(std::size_t host) const {
  run(bridge_, "ip link set port" + std::to_string(host) + " down");
}

void network::plug(std::size_t host) const {
  run(bridge_, "ip link set port" + std::to_string(host) + " up");
}

} // namespace cluster_tests
