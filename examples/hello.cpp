// An actor joins a scope under a key, is found there and told something.

#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

caf::behavior guest(caf::event_based_actor* self) {
  return {[self](const std::string& text) {
    std::cout << "somebody said: " << text << '\n';
    self->quit();
  }};
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system);
  if (!node) {
    std::cerr << node.error() << '\n';
    return EXIT_FAILURE;
  }
  auto rooms = node.value().open_scope("rooms");
  if (!rooms) {
    std::cerr << rooms.error() << '\n';
    return EXIT_FAILURE;
  }

  const auto ann = system.spawn(guest);
  if (auto joined = rooms.value().join("lobby", ann, "ann's metadata"); !joined)
    std::cerr << joined.error() << '\n';
  for (const auto& entry : rooms.value().lookup("lobby"))
    std::cout << "in the lobby: " << entry.data << '\n';

  rooms.value().dispatch("lobby", registry::dispatch_strategy::all(), std::string{"good morning"});
  caf::scoped_actor self{system};
  self->wait_for(ann); // it ends with the message, and loses its entries
}
