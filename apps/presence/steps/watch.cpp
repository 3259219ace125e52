// The third step of docs/tutorial.md.

#include <presence/console.hpp>
#include <presence/watcher.hpp>

#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <iostream>

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto people = node.open_scope("people").value();

  auto watching = registry::spawn_coroutine(system, presence::watcher, people, presence::print_line);
  presence::console console{system, people, presence::print_line};
  console.run(std::cin);
  caf::anon_send_exit(watching, caf::exit_reason::user_shutdown);
}
