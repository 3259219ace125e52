// The first step of docs/tutorial.md.

#include <presence/user.hpp>

#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto people = node.open_scope("people").value();

  presence::status now{"online", "office"};
  registry::spawn_coroutine(system, presence::user, people, std::string{"ann"}, now, 5min);

  const auto here = people.wait_for_key("ann", 10s).value();
  for (const auto& entry : here)
    std::cout << "ann: " << to_string(entry.data) << '\n';

  people.dispatch("ann", registry::dispatch_strategy::all(), std::string{"offline"});
}
