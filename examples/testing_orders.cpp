// A test in many random orders: whichever actor goes first, there is one leader, and another one after it.

#include <registry/actor/handle.hpp>
#include <registry/coro/event_stream.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/testing/stepped_system.hpp>

#include <caf/actor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

using registry::coroutine_self;
using registry::result;
using registry::task;

// What is tested: who is not the leader tries again whenever the leader changes.
task<result<void>> candidate(coroutine_self self, registry::scope names, int& elections) {
  auto changes = registry::watch(self, names, "leader");
  if (!changes)
    co_return changes.error();
  while (!names.join("leader", self.handle()))
    co_await changes.value().next();
  ++elections;
  co_await self.receive<std::string>(); // it leads until it is killed
  co_return registry::success();
}

/// What goes wrong in the order that follows from a seed; nothing if it is empty.
std::string fault(std::uint32_t seed) {
  registry::system_config config;
  registry::testing::stepped_system actors{config, seed};
  std::mt19937 random{seed};
  const auto run = [&] {
    for (auto ready = actors.ready(); !ready.empty(); ready = actors.ready())
      actors.step(ready[random() % ready.size()]);
  };

  auto node = registry::node::start(actors.get()).value();
  auto names = node.open_scope("names", registry::key_mode::unique).value();
  int elections = 0;
  std::vector<caf::actor> candidates;
  for (int i = 0; i < 3; ++i)
    candidates.push_back(registry::spawn_coroutine(
        actors.get(), [&elections, names](coroutine_self self) { return candidate(self, names, elections); }));
  for (int leaders = 1; leaders <= 3; ++leaders) {
    run();
    if (elections != leaders)
      return "after " + std::to_string(leaders - 1) + " leaders there is none, or one too many";
    registry::kill(names.whereis("leader").value());
  }
  run();
  return names.count() == 0 ? "" : "a leader that has ended is still there";
}

int main() {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    if (const auto wrong = fault(seed); !wrong.empty()) {
      std::cout << "seed " << seed << ": " << wrong << '\n'; // which repeats it
      return EXIT_FAILURE;
    }
  }
  std::cout << "200 orders, one leader at a time in each\n";
}
