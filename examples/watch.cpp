// Watching a key: first the entries that are there, then every change, exactly once and in order.

#include <registry/actor/handle.hpp>
#include <registry/coro/event_stream.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <variant>

using registry::coroutine_self;
using registry::result;
using registry::task;

caf::behavior idle(caf::event_based_actor*) {
  return {[](const std::string&) {}};
}

task<result<void>> watcher(coroutine_self self, registry::scope rooms, int changes) {
  auto stream = registry::watch(self, rooms, "lobby");
  if (!stream)
    co_return stream.error();
  if (auto joined = rooms.join("watchers", self.handle()); !joined) // from now on nothing is missed
    co_return joined.error();
  while (changes > 0) {
    auto next = co_await stream.value().next();
    if (!next)
      break;
    if (const auto* there = std::get_if<registry::present_entry>(&*next)) {
      std::cout << "here: " << there->what.data << '\n';
    } else if (const auto* change = std::get_if<registry::event_ptr>(&*next)) {
      std::cout << to_string((*change)->what) << " because " << to_string((*change)->why) << ": "
                << (*change)->entries.front().data << '\n';
      --changes;
    } else { // restarted: it was too slow; what is there follows
      std::cout << "starting over\n";
    }
  }
  co_return registry::success();
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto rooms = node.open_scope("rooms").value();

  const auto ann = system.spawn(idle);
  rooms.join("lobby", ann, "ann").value();
  const auto watching = registry::spawn_coroutine(system, watcher, rooms, 3);
  rooms.wait_for_key("watchers", std::chrono::seconds{10}).value();
  const auto bob = system.spawn(idle);
  rooms.join("lobby", bob, "bob").value();
  rooms.update_value("lobby", ann, "ann, busy").value();
  registry::kill(bob);
  caf::scoped_actor self{system};
  self->wait_for(watching);
  registry::kill(ann);
}
