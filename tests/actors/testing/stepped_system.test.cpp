#include <registry/actor/handle.hpp>
#include <registry/actor/tell.hpp>
#include <registry/compat/actor.hpp>
#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/event_stream.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/scope/requests.hpp>
#include <registry/testing/stepped_system.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace registry;
using namespace std::chrono_literals;
using registry::testing::stepped_system;

namespace {

struct stepped_node {
  explicit stepped_node(std::uint32_t seed = 0) : actors(config, seed) {}

  /// An actor that notes what it is told.
  caf::actor spawn_noting(std::string name) {
    return actors.get().spawn([this, name = std::move(name)]() -> caf::behavior {
      return {[this, name](const std::string& text) { noted.push_back(name + ' ' + text); }};
    });
  }

  std::vector<std::string> noted;
  system_config config;
  stepped_system actors;
  node home = node::start(actors.get()).value();
  scope rooms = home.open_scope("rooms").value();
};

using strings = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(stepped_node, "a stepped system runs one message of one actor a step, and actors take turns") {
  actors.run();
  const auto ann = spawn_noting("ann");
  const auto bob = spawn_noting("bob");
  CHECK(actors.run() == 2); // they start
  CHECK_FALSE(actors.step());
  for (const auto* text : {"1", "2"})
    tell(ann, std::string{text});
  tell(bob, std::string{"1"});
  CHECK(noted.empty());
  CHECK(actors.ready() == std::vector{as_member(ann), as_member(bob)});

  CHECK(actors.step());
  CHECK(noted == strings{"ann 1"});
  CHECK(actors.step());
  CHECK(noted == strings{"ann 1", "bob 1"});
  CHECK(actors.ready() == std::vector{as_member(ann)});
  CHECK(actors.run() == 1);
  CHECK(noted == strings{"ann 1", "bob 1", "ann 2"});
  CHECK(actors.ready().empty());
}

TEST_CASE_METHOD(stepped_node, "a test chooses who goes on in a stepped system") {
  const auto ann = spawn_noting("ann");
  const auto bob = spawn_noting("bob");
  actors.run();
  CHECK_FALSE(actors.step(bob));
  CHECK_FALSE(actors.step(member{}));
  tell(ann, std::string{"1"});
  tell(bob, std::string{"1"});
  CHECK(actors.step(bob));
  CHECK_FALSE(actors.step(bob));
  CHECK(noted == strings{"bob 1"});
  CHECK(actors.step(ann));
  CHECK(noted == strings{"bob 1", "ann 1"});
}

TEST_CASE_METHOD(stepped_node, "a run of a stepped system that has no end stops at its limit") {
  const auto busy = actors.get().spawn([](caf::event_based_actor* self) -> caf::behavior {
    tell(self, std::string{"again"});
    return {[self](const std::string& text) { tell(self, text); }};
  });
  CHECK(actors.run(100) == 100);
  CHECK(actors.ready() == std::vector{as_member(busy)});
  kill(busy);
  CHECK(actors.run(100) < 100);
}

TEST_CASE_METHOD(stepped_node, "the time of a stepped system passes when the test says so, from timer to timer") {
  std::vector<std::chrono::milliseconds> woken;
  const auto start = actors.now();
  const auto sleeper = spawn_coroutine(actors.get(), [&woken, start](coroutine_self self) -> task<> {
    for (;;) {
      co_await self.sleep_for(10ms);
      woken.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(self.now() - start));
    }
  });
  actors.run();
  CHECK(woken.empty());
  actors.advance(9ms);
  CHECK(woken.empty());
  CHECK(actors.now() == start + 9ms);
  actors.advance(21ms);
  CHECK(woken == std::vector{10ms, 20ms, 30ms});
  CHECK(actors.now() == start + 30ms);
  actors.advance(-1h);
  CHECK(actors.now() == start + 30ms);
  kill(sleeper);
}

TEST_CASE_METHOD(stepped_node,
                 "events of a stepped system wait for the step of the scope, and then for that of the subscriber") {
  std::vector<std::string> seen;
  const auto watcher = spawn_coroutine(actors.get(), [&seen, here = rooms](coroutine_self self) -> task<result<void>> {
    auto changes = watch(self, here);
    if (!changes)
      co_return changes.error();
    while (auto next = co_await changes.value().next()) {
      if (const auto* change = std::get_if<event_ptr>(&*next))
        seen.emplace_back(to_string((*change)->what));
    }
    co_return success();
  });
  actors.run();
  for (int i = 0; i < 100; ++i) { // however long that takes
    const auto ann = spawn_noting("ann");
    rooms.join("lobby", ann).value();
    CHECK(seen.empty());
    CHECK_FALSE(actors.step(watcher));
    CHECK(actors.step(rooms.actor()));
    CHECK(actors.step(watcher));
    CHECK(std::exchange(seen, {}) == strings{"join"});
    kill(ann);
    CHECK(actors.step(ann));
    CHECK(rooms.count("lobby") == 1);
    while (actors.step(rooms.actor())) {
    }
    CHECK(rooms.count("lobby") == 0);
    CHECK(seen.empty());
    actors.run();
    CHECK(std::exchange(seen, {}) == strings{"leave"});
  }
  kill(watcher);
}

TEST_CASE_METHOD(stepped_node, "without subscribers a scope of a stepped system hears of ends after a moment") {
  const auto ann = spawn_noting("ann");
  rooms.join("lobby", ann).value();
  actors.advance(1ms);
  kill(ann);
  actors.run();
  CHECK(rooms.count("lobby") == 0);
}

TEST_CASE_METHOD(stepped_node, "waits in a stepped system end by its clock") {
  std::optional<bool> found;
  const auto waiting = spawn_coroutine(actors.get(), [&found, here = rooms](coroutine_self self) -> task<> {
    awaitable_scope awaited{self, here};
    const auto entries = co_await awaited.await_key("lobby", 1h);
    found = entries.has_value();
  });
  caf::scoped_actor self{actors.get()};
  auto asked = compat::request(self, rooms.actor(), 2h, await_request{"kitchen", 60'000});
  actors.advance(59s);
  CHECK_FALSE(found);
  actors.advance(1s); // what the scope's actor was asked
  std::optional<caf::error> refused;
  std::move(asked).receive([](const value&) {}, [&](const caf::error& e) { refused = e; });
  CHECK(refused);
  actors.advance(1h - 60s);
  CHECK(found == false);
  CHECK_FALSE(is_alive(as_member(waiting)));
}

TEST_CASE_METHOD(stepped_node, "calls that would block a stepped system for ever are refused") {
  CHECK(rooms.wait_for_key("lobby", 1h).error() == errc::invalid_argument);
  CHECK(home.drain().error() == errc::invalid_argument);
  CHECK(home.close_scope("rooms").error() == errc::invalid_argument);
  home.stop();
  actors.run();
  CHECK(rooms.join("lobby", spawn_noting("ann")).error() == errc::scope_closed);
}

TEST_CASE("a thread counts as one of actors for as long as it has a stepped system") {
  system_config config;
  caf::actor_system system{config};
  auto home = node::start(system).value();
  {
    const stepped_node outer;
    {
      const stepped_node inner;
    }
    CHECK(home.drain().error() == errc::invalid_argument);
  }
  CHECK(home.drain());
}

TEST_CASE("random dispatches of a stepped system follow from its seed") {
  const auto picked = [](std::uint32_t seed) {
    stepped_node here{seed};
    std::vector<caf::actor> kept;
    for (int i = 0; i < 10; ++i) {
      kept.push_back(here.spawn_noting(std::to_string(i)));
      here.rooms.join("lobby", kept.back()).value();
    }
    for (int i = 0; i < 20; ++i) {
      here.rooms.dispatch("lobby", dispatch_strategy::random(), std::string{"hello"});
      here.actors.run();
    }
    return std::exchange(here.noted, {});
  };
  const auto first = picked(1);
  CHECK(first.size() == 20);
  CHECK(picked(1) == first);
  CHECK(picked(2) != first);
}

TEST_CASE("actors that are left at the end of a stepped system end with it") {
  struct noting_end {
    bool* ended;
    ~noting_end() { *ended = true; }
  };
  bool slept = false;
  bool waited = false;
  {
    stepped_node here;
    spawn_coroutine(here.actors.get(), [&slept](coroutine_self self) -> task<> {
      const noting_end at_end{&slept};
      const auto own_handle = self.handle();
      for (;;)
        co_await self.sleep_for(1ms);
    });
    spawn_coroutine(here.actors.get(), [&waited](coroutine_self self) -> task<> {
      const noting_end at_end{&waited};
      const auto own_handle = self.handle();
      co_await self.receive<std::string>();
    });
    here.actors.run();
  }
  CHECK(slept);
  CHECK(waited);
}
