#include <coro/coroutine_fixture.hpp>
#include <coro/manual_actor.hpp>

#include <registry/coro/spawn.hpp>

#include <support/catch.hpp>

#include <string>
#include <string_view>

namespace registry {

namespace {

using testing::coroutine_fixture;
using testing::counted;

task<> views(coroutine_self self, std::string_view prefix) {
  auto asked = co_await self.accept<std::string>();
  const auto answer = std::string{prefix} + asked.content;
  asked.reply.answer(answer);
}

task<> counts(coroutine_self self, int* alive, counted) {
  auto asked = co_await self.accept<std::string>();
  asked.reply.answer(std::int32_t{*alive});
}

} // namespace

TEST_CASE("a coroutine actor may be a lambda with captures, and take references to its arguments", "[coro]") {
  coroutine_fixture f;
  const std::string suffix(100, 'x');
  const auto main = [suffix](coroutine_self self, const std::string& prefix) -> task<> {
    auto asked = co_await self.accept<std::string>();
    asked.reply.answer(prefix + asked.content + suffix);
  };
  CHECK(f.ask<std::string>(spawn_coroutine(f.system, main, std::string(100, 'p')), "go") ==
        std::string(100, 'p') + "go" + suffix);
}

TEST_CASE("the argument of a coroutine actor outlives a parameter that is a view of it", "[coro]") {
  coroutine_fixture f;
  const auto who = spawn_coroutine(f.system, views, std::string(100, 'p'));
  CHECK(f.ask<std::string>(who, "go") == std::string(100, 'p') + "go");
}

TEST_CASE("a function that copies its arguments is the only one to keep them", "[coro]") {
  int alive = 0;
  coroutine_fixture f;
  const auto who = spawn_coroutine(f.system, counts, &alive, counted(alive));
  CHECK(f.ask<std::int32_t>(who, "how many") == 1);
}

} // namespace registry
