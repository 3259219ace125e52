#include <registry/compat/actor.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>

#include <coro/coroutine_fixture.hpp>
#include <support/allocation.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <vector>

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::allocated_memory;

constexpr std::int32_t count = 5'000;

/// Waits so many times with a limit far away, each of which ends before the one before it, for something that comes at once.
task<> waits_briefly(coroutine_self self) {
  for (;;) {
    auto asked = co_await self.accept<std::int32_t>();
    for (std::int32_t i = 0; i < asked.content; ++i)
      static_cast<void>(co_await with_timeout(self, 10h - i * 1s, self.catch_up()));
    asked.reply.answer(asked.content);
  }
}

/// Waits so many times for a moment, while another wait has a limit far away.
task<> sleeps_briefly(coroutine_self self) {
  const auto doze = [](coroutine_self self, std::int32_t times) -> task<> {
    for (std::int32_t i = 0; i < times; ++i)
      co_await self.sleep_for(0ms);
  };
  for (;;) {
    auto asked = co_await self.accept<std::int32_t>();
    static_cast<void>(co_await with_timeout(self, 10h, doze(self, asked.content)));
    asked.reply.answer(asked.content);
  }
}

task<> sleeps_long(coroutine_self self) {
  co_await self.sleep_for(10h);
}

} // namespace

TEST_CASE("waits that have ended leave no timers behind") {
  testing::coroutine_fixture f;
  caf::actor who;
  SECTION("however far away their limits were") {
    who = spawn_coroutine(f.system, waits_briefly);
  }
  SECTION("while another goes on") {
    who = spawn_coroutine(f.system, sleeps_briefly);
  }
  CHECK(f.ask<std::int32_t>(who, std::int32_t{100}) == 100);
  const auto before = allocated_memory();
  CHECK(f.ask<std::int32_t>(who, count) == count);
  const auto after = allocated_memory();
  CHECK((after < before || after - before < 64 * 1024));
  f.end(who);
}

TEST_CASE("actors that end while they wait leave no timers behind") {
  testing::coroutine_fixture f;
  const auto run = [&](std::size_t actors) {
    std::vector<caf::actor> waiting;
    for (std::size_t i = 0; i < actors; ++i)
      waiting.push_back(spawn_coroutine(f.system, sleeps_long));
    for (const auto& who : waiting)
      f.end(who);
  };
  run(10);
  const auto before = allocated_memory();
  run(1'000);
  // CAF's clock hears of it on a thread of its own, that of CAF 1 together with the next timer.
  CHECK(testing::eventually([&] {
    run(1);
    return allocated_memory() < before + 64 * 1024;
  }));
}

} // namespace registry
