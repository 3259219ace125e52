// A test of an application's own actors: in one thread, step by step, without sleeping, and the same every time.

#include <registry/actor/handle.hpp>
#include <registry/actor/tell.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/testing/stepped_system.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using registry::coroutine_self;
using registry::result;
using registry::task;

// What is tested: a user is away when nothing was heard for five minutes. It is a coroutine.
task<result<void>> user(coroutine_self self, registry::scope people, std::string name) {
  if (auto joined = people.join(name, self.handle(), "online"); !joined)
    co_return joined.error();
  for (;;) {
    auto said = co_await registry::with_timeout(self, 5min, self.receive<std::string>());
    const std::string state = said ? said.value() : "away";
    if (auto updated = people.update_value(name, self.handle(), state); !updated)
      co_return updated.error();
  }
}

// And a classic actor that sees users come and go.
caf::behavior watcher(caf::event_based_actor* self, registry::scope people, std::vector<std::string>& seen) {
  people.monitor_scope(self).value();
  return {[&seen](const registry::events& pending) {
    for (const auto& change : pending.take().changes)
      seen.push_back(std::string{to_string(change->what)} + ' ' + to_string(change->entries.front().data));
  }};
}

bool all_hold = true;

void check(bool holds, const std::string& what) {
  std::cout << (holds ? "ok: " : "wrong: ") << what << '\n';
  all_hold = all_hold && holds;
}

int main() {
  registry::system_config config;
  registry::testing::stepped_system actors{config}; // instead of a caf::actor_system
  auto node = registry::node::start(actors.get()).value();
  auto people = node.open_scope("people").value();
  const auto state = [&](const std::string& name) {
    const auto found = people.lookup(name);
    return found.empty() ? "gone" : found.begin()->data.as_string().value_or("");
  };

  std::vector<std::string> seen;
  const auto watching =
      actors.get().spawn([&seen, people](caf::event_based_actor* self) { return watcher(self, people, seen); });
  actors.run(); // until nobody has anything to do

  const auto ann = registry::spawn_coroutine(actors.get(), user, people, std::string{"ann"});
  check(state("ann") == "gone", "an actor that was spawned has not started");
  actors.step(ann); // up to its first wait
  check(state("ann") == "online", "it joins in its first step");
  actors.step(people.actor()); // the scope hands its events out
  check(seen.empty(), "the watcher has not been told yet");
  actors.step(watching);
  check(seen == std::vector<std::string>{R"(join "online")"}, "now it has");

  actors.advance(5min - 1ms); // no time passes but here
  check(state("ann") == "online", "she is online for five minutes");
  actors.advance(1ms);
  check(state("ann") == "away", "then she is away");
  registry::tell(ann, std::string{"busy"});
  actors.run();
  check(state("ann") == "busy", "until she says something");

  registry::kill(ann);
  actors.step(ann);
  check(state("ann") == "busy", "she has ended, and the scope does not know");
  while (actors.step(people.actor())) {
  }
  check(state("ann") == "gone", "it takes her entry away when it has heard of it");
  actors.run();
  check(seen.back() == R"(leave "busy")", "the watcher is told");
  return all_hold ? EXIT_SUCCESS : EXIT_FAILURE;
}
