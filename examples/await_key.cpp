// Waiting for a key: a coroutine awaits it, a thread waits for it.

#include <registry/actor/handle.hpp>
#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <iostream>

using namespace std::chrono_literals;
using registry::coroutine_self;
using registry::task;

task<> database(coroutine_self self, registry::scope services) {
  if (auto joined = services.join("database", self.handle()); !joined)
    std::cout << joined.error() << '\n';
  co_await self.sleep_for(1min);
}

task<> client(coroutine_self self, registry::scope services) {
  registry::awaitable_scope awaited{self, services};
  const auto found = co_await awaited.await_key("database", 10s);
  if (found)
    std::cout << "a coroutine found " << found.value().size() << " database\n";
  else
    std::cout << found.error() << '\n';
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto services = node.open_scope("services").value();

  const auto waiting = registry::spawn_coroutine(system, client, services);
  const auto serving = registry::spawn_coroutine(system, database, services);
  const auto found = services.wait_for_key("database", 10s);
  caf::scoped_actor self{system};
  self->wait_for(waiting);
  if (found)
    std::cout << "a thread found " << found.value().size() << " database\n";
  const auto missing = services.wait_for_key("printer", 10ms);
  if (!missing)
    std::cout << missing.error() << '\n';
  registry::kill(serving);
}
