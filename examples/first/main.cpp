#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <iostream>
#include <string>

caf::behavior user(caf::event_based_actor*) {
  return {[](const std::string& text) { std::cout << "somebody said: " << text << '\n'; }};
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto rooms = node.open_scope("rooms").value();

  auto ann = system.spawn(user);
  auto bob = system.spawn(user);
  rooms.join("lobby", ann, registry::object("nick", "ann", "age", 42)).value();
  rooms.join("lobby", bob, registry::object("nick", "bob", "age", 17)).value();

  for (const auto& entry : rooms.lookup("lobby"))
    std::cout << to_string(entry.data) << '\n';
  auto adults = rooms.match("lobby", R"({"age": $1} when $1 >= 18)").value();
  for (const auto& entry : adults)
    std::cout << *entry.data.find("nick")->as_string() << " is of age\n";

  rooms.dispatch("lobby", registry::dispatch_strategy::all(), std::string{"good morning"});

  if (auto left = rooms.leave("kitchen", ann); !left)
    std::cout << to_string(left.error()) << '\n';
}
