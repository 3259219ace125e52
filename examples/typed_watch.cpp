// Watching with the application's own types: the stream is that of the untyped scope, and each change is read as structs.

#include <registry/actor/handle.hpp>
#include <registry/coro/event_stream.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/scope/typed_scope.hpp>
#include <registry/value/convert.hpp>

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

struct presence {
  std::string nick;
  std::string mood;
};
BOOST_DESCRIBE_STRUCT(presence, (), (nick, mood))

using room_scope = registry::typed_scope<std::string, presence>;

caf::behavior idle(caf::event_based_actor*) {
  return {[](const std::string&) {}};
}

task<result<void>> watcher(coroutine_self self, room_scope rooms, int changes) {
  auto stream = registry::watch(self, rooms.untyped(), "lobby");
  if (!stream)
    co_return stream.error();
  if (auto joined = rooms.join("watchers", self.handle(), {"watcher", "curious"}); !joined)
    co_return joined.error();
  while (changes > 0) {
    auto next = co_await stream.value().next();
    if (!next)
      break;
    if (const auto* there = std::get_if<registry::present_entry>(&*next)) {
      if (auto data = registry::from_value<presence>(there->what.data))
        std::cout << data.value().nick << " is here, " << data.value().mood << '\n';
    } else if (const auto* change = std::get_if<registry::event_ptr>(&*next)) {
      --changes;
      auto read = room_scope::read(**change);
      if (!read) { // somebody joined something else
        std::cout << read.error() << '\n';
        continue;
      }
      for (const auto& each : read.value().entries)
        std::cout << to_string(read.value().what) << ": " << each.data.nick << " is " << each.data.mood
                  << (each.previous ? ", was " + each.previous->mood : "") << '\n';
    }
  }
  co_return registry::success();
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  const room_scope rooms{node.open_scope("rooms").value()};

  const auto ann = system.spawn(idle);
  rooms.join("lobby", ann, {"ann", "happy"}).value();
  const auto watching = registry::spawn_coroutine(system, watcher, rooms, 3);
  rooms.wait_for_key("watchers", std::chrono::seconds{10}).value();
  rooms.update_value("lobby", ann, {"ann", "busy"}).value();
  const auto bob = system.spawn(idle);
  rooms.untyped().join("lobby", bob, "no presence").value();
  rooms.leave("lobby", ann).value();
  caf::scoped_actor self{system};
  self->wait_for(watching);
  registry::kill(bob);
}
