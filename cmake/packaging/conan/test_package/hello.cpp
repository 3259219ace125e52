#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <iostream>
#include <string>

caf::behavior greeter(caf::event_based_actor*) {
  return {[](const std::string& text) { std::cout << text << '\n'; }};
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto rooms = node.open_scope("rooms").value();
  auto ann = system.spawn(greeter);
  rooms.join("lobby", ann).value();
  return rooms.dispatch("lobby", registry::dispatch_strategy::all(), std::string{"good morning"}) ? 0 : 1;
}
