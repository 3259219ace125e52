// Request and answer between coroutine actors, one of which is looked up.

#include <registry/actor/handle.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;
using registry::coroutine_self;
using registry::task;

task<> greeter(coroutine_self self) {
  for (;;) {
    auto asked = co_await self.accept<std::string>();
    asked.reply.answer("hello " + asked.content);
  }
}

task<> guest(coroutine_self self, registry::scope people) {
  for (const auto& entry : people.lookup("greeter")) {
    auto answer = co_await self.request<std::string>(entry.who, 5s, std::string{"ann"});
    if (answer)
      std::cout << answer.value() << '\n';
    else
      std::cout << answer.error() << '\n'; // timeout, actor_down, …
  }
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto people = node.open_scope("people").value();

  const auto host = registry::spawn_coroutine(system, greeter);
  people.join("greeter", host).value();
  const auto visitor = registry::spawn_coroutine(system, guest, people);
  caf::scoped_actor self{system};
  self->wait_for(visitor);
  registry::kill(host);
}
