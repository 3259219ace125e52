// Unique names: one live actor of this node holds a key. The next one gets it when the holder ends.

#include <registry/actor/handle.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <iostream>
#include <string>

caf::behavior leader(caf::event_based_actor* self, const std::string& name) {
  return {[self, name](const std::string& text) {
    std::cout << name << " was told: " << text << '\n';
    self->quit();
  }};
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto names = node.open_scope("names", registry::key_mode::unique).value();

  const auto ann = system.spawn(leader, "ann");
  const auto bob = system.spawn(leader, "bob");
  names.join("leader", ann).value();
  if (const auto joined = names.join("leader", bob); !joined)
    std::cout << to_string(joined.error().code())
              << ", the holder is ann: " << (joined.error().holder() == registry::as_member(ann)) << '\n';

  names.send("leader", std::string{"good morning"}).value();
  caf::scoped_actor self{system};
  self->wait_for(ann); // a key that a terminated actor holds is free at once
  names.join("leader", bob).value();
  names.send("leader", std::string{"good evening"}).value();
  self->wait_for(bob);
}
