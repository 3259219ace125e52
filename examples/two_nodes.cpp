// Two nodes, each an actor system of its own: what one joins, the other finds, tells, and sees go. Here both are in one process;
// on two machines each gets its own `listen` address, a shared `secret`, and the other's address as a seed.

#include <registry/actor/tell.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

registry::cluster_options loopback(std::vector<std::string> seeds) {
  registry::cluster_options options;
  options.listen = "127.0.0.1:0"; // any free port; on loopback no secret is needed
  options.seeds = std::move(seeds);
  return options;
}

struct machine {
  explicit machine(std::vector<std::string> seeds) : options(loopback(std::move(seeds))) {}

  registry::cluster_options options;
  registry::clustered_system_config config;
  caf::actor_system system{config};
  registry::node node = registry::node::start(system, options).value();
  registry::scope rooms = node.open_scope("rooms").value();
};

caf::behavior guest(caf::event_based_actor* self) {
  return {[self](const std::string& text) {
    std::cout << "ann, on the first node, was told: " << text << '\n';
    self->quit();
  }};
}

int main() {
  machine first{{}};
  machine second{{to_string(*first.node.address())}};
  if (auto joined = second.node.wait_joined(10s); !joined) {
    std::cerr << joined.error() << '\n'; // says which seed is missing, and why
    return EXIT_FAILURE;
  }

  const auto ann = first.system.spawn(guest);
  first.rooms.join("lobby", ann, "ann").value();
  const auto found = second.rooms.wait_for_key("lobby", 10s);
  if (!found) {
    std::cerr << found.error() << '\n';
    return EXIT_FAILURE;
  }
  for (const auto& entry : found.value()) {
    std::cout << "the second node sees " << entry.data << ", " << (entry.is_local() ? "local" : "remote") << '\n';
    registry::tell(entry.who, std::string{"hello"});
  }
  caf::scoped_actor self{first.system};
  self->wait_for(ann);
}
