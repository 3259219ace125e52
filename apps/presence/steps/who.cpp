// The second step of docs/tutorial.md.

#include <presence/user.hpp>
#include <presence/who.hpp>

#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

void show(const registry::scope& people, const std::string& pattern) {
  const auto names = presence::who_is_online(people, pattern);
  std::cout << pattern << '\n';
  if (!names)
    std::cout << "  " << names.error().message() << '\n';
  else
    for (const auto& name : names.value())
      std::cout << "  " << name << '\n';
}

} // namespace

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto people = node.open_scope("people").value();

  const auto come = [&](const std::string& name, const presence::status& now) {
    registry::spawn_coroutine(system, presence::user, people, name, now, 5min);
    people.wait_for_key(name, 10s).value();
  };
  come("ann", {"online", "office"});
  come("bob", {"busy", "home"});
  come("cleo", {"busy", "office"});

  show(people, "_");
  show(people, R"({"state": "busy"})");
  show(people, R"({"state": "busy", "place": "office"})");
  show(people, R"({"state": })");

  for (const auto& name : people.keys())
    people.dispatch(name, registry::dispatch_strategy::all(), std::string{"offline"});
}
