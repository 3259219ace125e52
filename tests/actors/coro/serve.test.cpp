#include <coro/coroutine_fixture.hpp>
#include <registry/actor/tell.hpp>

#include <registry/coro/nursery.hpp>
#include <registry/coro/serve.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <map>
#include <stdexcept>
#include <string>

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::coroutine_fixture;

task<std::string> ask_other(coroutine_self self, std::string question) {
  co_await self.sleep_for(1ms);
  co_return "slow " + question;
}

task<result<std::int32_t>> half(std::int32_t x) {
  if (x % 2 != 0)
    co_return errc::invalid_argument;
  co_return x / 2;
}

task<> all_kinds(coroutine_self self) {
  std::int32_t noted = 0;
  co_await serve(
      self, ask_other, half, [&](bool) { ++noted; }, [&](char) { return noted; },
      [](double x) -> result<double> {
        if (x < 0)
          return errc::invalid_argument;
        return 2 * x;
      },
      [](const std::string& a, std::int32_t b) { return a + std::to_string(b); });
}

} // namespace

TEST_CASE("handlers of a standing behaviour answer with their return values", "[coro][serve]") {
  coroutine_fixture f;
  const auto who = spawn_coroutine(f.system, all_kinds);
  CHECK(f.ask<std::string>(who, "x") == "slow x");
  CHECK(f.ask<std::int32_t>(who, std::int32_t{8}) == 4);
  CHECK(f.refused(who, std::int32_t{7}) == errc::invalid_argument);
  registry::tell(who, true);
  registry::tell(who, true);
  compat::request(f.self, who, 60s, true).receive([] {}, [](const caf::error&) { FAIL("refused"); });
  CHECK(f.ask<std::int32_t>(who, 'x') == 3);
  CHECK(f.ask<double>(who, 1.5) == 3.0);
  CHECK(f.refused(who, -1.5) == errc::invalid_argument);
  CHECK(f.ask<std::string>(who, "a", std::int32_t{1}) == "a1");
  f.end(who);
}

TEST_CASE("handlers that are coroutines run at the same time", "[coro][serve]") {
  coroutine_fixture f;
  // The first question is answered with the second one's text.
  const auto main = [](coroutine_self self) -> task<> {
    const auto first = [](coroutine_self self, std::int32_t) -> task<std::string> {
      co_return co_await self.receive<std::string>();
    };
    const auto second = [](std::string) { return std::string{"served"}; };
    co_await serve(self, first, second);
  };
  const auto who = spawn_coroutine(f.system, main);
  auto waiting = compat::request(f.self, who, 60s, std::int32_t{1});
  // A message goes to the coroutine that waits for it, else to the standing behaviour.
  registry::tell(who, "for the coroutine");
  CHECK(f.ask<std::string>(who, "for the server") == "served");
  std::string got;
  std::move(waiting).receive([&](std::string& x) { got = x; }, [](const caf::error&) {});
  CHECK(got == "for the coroutine");
  f.end(who);
}

TEST_CASE("a standing behaviour gets the messages kept before, and none after its end", "[coro][serve]") {
  coroutine_fixture f;
  const auto main = [](coroutine_self self) -> task<> {
    std::int32_t sum = 0;
    co_await self.receive<bool>();
    const auto add = [&sum](std::int32_t x) { sum += x; };
    auto served = co_await when_any(self, serve(self, add), self.receive<bool>());
    CHECK(served.index() == 1);
    const auto left = co_await self.receive<std::int32_t>();
    auto asked = co_await self.accept<char>();
    asked.reply.answer(100 * sum + left);
  };
  const auto who = spawn_coroutine(f.system, main);
  registry::tell(who, std::int32_t{1});
  registry::tell(who, std::int32_t{2});
  registry::tell(who, true);
  registry::tell(who, std::int32_t{4});
  registry::tell(who, true);
  registry::tell(who, std::int32_t{8});
  CHECK(f.ask<std::int32_t>(who, 'x') == 708);
}

TEST_CASE("a standing behaviour that has failed gets no more of the messages kept before", "[coro][serve]") {
  coroutine_fixture f;
  const auto main = [](coroutine_self self) -> task<> {
    std::int32_t taken = 0;
    co_await self.receive<bool>();
    const auto fail = [&taken](std::int32_t) {
      ++taken;
      throw std::runtime_error("not this one");
    };
    try {
      co_await serve(self, fail);
    } catch (const std::runtime_error&) {
    }
    const auto left = co_await self.receive<std::int32_t>();
    auto asked = co_await self.accept<char>();
    asked.reply.answer(100 * taken + left);
  };
  const auto who = spawn_coroutine(f.system, main);
  registry::tell(who, std::int32_t{1});
  registry::tell(who, std::int32_t{2});
  registry::tell(who, true);
  CHECK(f.ask<std::int32_t>(who, 'x') == 102);
}

TEST_CASE("the requester gets an error when a handler is destroyed", "[coro][serve]") {
  coroutine_fixture f;
  const auto main = [](coroutine_self self, member observer) -> task<> {
    const auto slow = [observer](coroutine_self self, std::int32_t) -> task<std::int32_t> {
      self.send(observer, true);
      co_await self.sleep_for(1h);
      co_return 1;
    };
    co_await serve(self, slow);
  };
  const auto who = spawn_coroutine(f.system, main, registry::as_member(f.self));
  auto waiting = compat::request(f.self, who, 60s, std::int32_t{1});
  f.self->receive([](bool) {});
  f.end(who);
  std::optional<error> why;
  std::move(waiting).receive([](std::int32_t) {}, [&](const caf::error& e) { why = compat::from_caf(e); });
  REQUIRE(why);
  CHECK(*why == errc::cancelled);
}

TEST_CASE("an exception of a handler is an error for its caller and ends the actor", "[coro][serve]") {
  coroutine_fixture f;
  const auto main = [](coroutine_self self) -> task<> {
    const auto throws = [](std::int32_t) -> std::int32_t { throw std::runtime_error("at once"); };
    const auto throws_later = [](coroutine_self self, bool) -> task<std::int32_t> {
      co_await self.sleep_for(1ms);
      throw std::runtime_error("later");
    };
    co_await serve(self, throws, throws_later);
  };
  const auto at_once = spawn_coroutine(f.system, main);
  CHECK(to_string(f.refused(at_once, std::int32_t{1})) == "failed: an exception escaped a coroutine: at once");
  f.self->wait_for(at_once);
  const auto later = spawn_coroutine(f.system, main);
  CHECK(to_string(f.refused(later, true)) == "failed: an exception escaped a coroutine: later");
  f.self->wait_for(later);
}

} // namespace registry
