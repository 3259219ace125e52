// Dispatch to the least loaded worker: workers say in their metadata how busy they are.

#include <registry/actor/handle.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <cstdint>
#include <iostream>
#include <string>
#include <tuple>

using registry::coroutine_self;
using registry::member;
using registry::task;

// A job comes with the actor that wants to hear of it.
using job = std::tuple<std::string, member>;

task<> worker(coroutine_self self, registry::scope workers, std::string name) {
  for (;;) {
    auto [what, client] = co_await self.receive<job>();
    const auto busier = [](const registry::value& old) {
      return registry::object("load", old.find("load")->as_integer().value_or(0) + 10);
    };
    if (auto updated = workers.update_value("render", self.handle(), busier); !updated)
      std::cout << updated.error() << '\n';
    self.send(client, name, what);
  }
}

task<> client(coroutine_self self, registry::scope workers) {
  for (int i = 0; i < 4; ++i) {
    const auto least = registry::dispatch_strategy::least("load");
    workers.dispatch("render", least, "frame " + std::to_string(i), self.handle());
    const auto [name, what] = co_await self.receive<std::tuple<std::string, std::string>>();
    std::cout << name << " has " << what << '\n';
  }
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto workers = node.open_scope("workers").value();

  const auto ann = registry::spawn_coroutine(system, worker, workers, std::string{"ann"});
  const auto bob = registry::spawn_coroutine(system, worker, workers, std::string{"bob"});
  workers.join("render", ann, registry::object("load", 0)).value();
  workers.join("render", bob, registry::object("load", 15)).value();
  caf::scoped_actor self{system};
  self->wait_for(registry::spawn_coroutine(system, client, workers));
  registry::kill(ann);
  registry::kill(bob);
}
