#include <coro/coroutine_fixture.hpp>

#include <registry/coro/spawn.hpp>

#include <caf/event_based_actor.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <variant>

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::coroutine_fixture;

caf::behavior classic_doubler() {
  return {[](std::int32_t x) { return 2 * x; }};
}

task<> coroutine_doubler(coroutine_self self) {
  for (;;) {
    auto asked = co_await self.accept<std::int32_t>();
    asked.reply.answer(2 * asked.content);
  }
}

task<> ask_twice(coroutine_self self, caf::actor whom, std::int32_t x) {
  auto asked = co_await self.accept<std::string>();
  const auto once = co_await self.request<std::int32_t>(whom, 60s, x);
  const auto twice = co_await self.request<std::int32_t>(whom, 60s, once.value());
  asked.reply.answer(twice.value());
}

} // namespace

TEST_CASE("a coroutine actor asks and answers coroutine actors and classic ones", "[coro]") {
  coroutine_fixture f;
  const auto classic = f.system.spawn(classic_doubler);
  const auto coroutine = spawn_coroutine(f.system, coroutine_doubler);
  CHECK(f.ask<std::int32_t>(classic, 1) == 2);
  CHECK(f.ask<std::int32_t>(coroutine, 1) == 2);
  CHECK(f.ask<std::int32_t>(spawn_coroutine(f.system, ask_twice, classic, 3), "go") == 12);
  CHECK(f.ask<std::int32_t>(spawn_coroutine(f.system, ask_twice, coroutine, 3), "go") == 12);
  f.end(classic);
  f.end(coroutine);
}

} // namespace registry
