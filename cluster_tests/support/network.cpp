#include <support/network.hpp>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

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

network::network(std::size_t hosts) : bridge_(make_namespace()) {
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

} // namespace cluster_tests
