#include <coro/coroutine_fixture.hpp>
#include <coro/manual_actor.hpp>
#include <registry/actor/tell.hpp>

#include <registry/coro/channel.hpp>
#include <registry/coro/generator.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/serve.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <memory>
#include <string>

// Every test here kills an actor after its first event, after its second, and so on until it ends by itself. The sanitizers
// detect leaks and accesses of a killed coroutine; the tests count its objects.

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::coroutine_fixture;
using testing::counted;
using testing::manual_actor;

/// Drives an actor with alternating messages and time, `events` of them; returns whether it has ended by then.
template <class Main>
bool run_and_kill(Main main, int events, int& alive) {
  manual_actor actor;
  actor.run([&] { return main(actor.self(), counted(alive)); });
  for (int i = 0; i < events && !actor.ended(); ++i) {
    if (i % 2 == 0)
      actor.receive(std::int32_t{i});
    else
      actor.advance(1ms);
  }
  const bool ended = actor.ended();
  CHECK_FALSE(actor.failure());
  actor.kill();
  return ended;
}

template <class Main>
void kill_everywhere(Main main) {
  int alive = 0;
  bool ended = false;
  int events = 0;
  for (; !ended && events < 200; ++events) {
    ended = run_and_kill(main, events, alive);
    CAPTURE(events);
    REQUIRE(alive == 0);
  }
  CHECK(ended);
  CHECK(events > 3); // there were places to kill it at
}

task<std::int32_t> next_number(coroutine_self self, counted) {
  auto guard = std::make_unique<int>(1);
  co_return co_await self.receive<std::int32_t>() + *guard;
}

task<> naps(coroutine_self self, int times, counted) {
  for (int i = 0; i < times; ++i)
    co_await self.sleep_for(1ms);
}

generator<std::int32_t> received(coroutine_self self, int times, counted) {
  for (int i = 0; i < times; ++i) {
    co_await self.sleep_for(1ms);
    co_yield co_await self.receive<std::int32_t>();
  }
}

task<> fills(channel<std::string> to, int times, counted) {
  for (int i = 0; i < times; ++i)
    static_cast<void>(co_await to.push(std::string(50, 'x')));
  to.close();
}

task<> empties(coroutine_self self, channel<std::string> from, counted) {
  while (auto one = co_await from.next())
    co_await self.sleep_for(1ms);
}

} // namespace

TEST_CASE("an actor may be killed wherever its tasks wait", "[coro][kill]") {
  kill_everywhere([](coroutine_self self, counted c) -> task<> {
    co_await naps(self, 2, c);
    co_await next_number(self, c);
    static_cast<void>(co_await self.receive<std::int32_t, std::string>());
    co_await naps(self, 2, c);
  });
}

TEST_CASE("an actor may be killed inside when_any", "[coro][kill]") {
  kill_everywhere([](coroutine_self self, counted c) -> task<> {
    for (int i = 0; i < 4; ++i) {
      auto inner = when_any(self, naps(self, 2, c), next_number(self, c), self.catch_up());
      auto outer = co_await when_any(self, std::move(inner), naps(self, 1 + i, c), self.receive<std::string>());
      static_cast<void>(outer);
    }
  });
}

TEST_CASE("an actor may be killed inside when_all and with_timeout", "[coro][kill]") {
  kill_everywhere([](coroutine_self self, counted c) -> task<> {
    auto numbers = when_all(self, next_number(self, c), next_number(self, c), naps(self, 3, c));
    auto limited = with_timeout(self, 3ms, next_number(self, c));
    auto all = co_await when_all(self, std::move(numbers), std::move(limited));
    auto late = co_await with_timeout(self, 2ms, self.receive<std::string>());
    CHECK_FALSE(late.has_value());
  });
}

TEST_CASE("an actor may be killed inside a nursery", "[coro][kill]") {
  kill_everywhere([](coroutine_self self, counted c) -> task<> {
    nursery outer{self};
    outer.start(naps(self, 3, c));
    const auto child = [](coroutine_self self, counted c) -> task<> {
      nursery inner{self};
      inner.start(naps(self, 4, c));
      inner.start(naps(self, 100, c));
      co_await next_number(self, c);
      co_await next_number(self, c);
      inner.cancel();
      static_cast<void>(co_await inner.join());
      inner.start(naps(self, 1, c));
    };
    outer.start(child(self, c));
    outer.start(child(self, c));
    static_cast<void>(co_await outer.join());
  });
}

TEST_CASE("an actor may be killed where its streams wait", "[coro][kill]") {
  kill_everywhere([](coroutine_self self, counted c) -> task<> {
    channel<std::string> between{self, 2};
    nursery children{self};
    children.start(fills(between, 6, c));
    children.start(empties(self, between, c));
    auto stream = received(self, 3, c);
    while (auto one = co_await stream.next())
      static_cast<void>(co_await with_timeout(self, 1ms, self.receive<std::string>()));
    static_cast<void>(co_await children.join());
  });
}

TEST_CASE("an actor may be killed while its standing behaviour runs", "[coro][kill]") {
  kill_everywhere([](coroutine_self self, counted c) -> task<> {
    const auto handler = [c](coroutine_self self, std::int32_t) -> task<std::string> {
      co_await naps(self, 3, c);
      co_return std::string(50, 'x');
    };
    static_cast<void>(co_await with_timeout(self, 6ms, serve(self, handler)));
  });
}

TEST_CASE("actors may be killed wherever they wait, and their requesters get an error", "[coro][kill]") {
  coroutine_fixture f;
  const auto echo = f.system.spawn([]() -> caf::behavior { return {[](std::int32_t x) { return x; }}; });
  const auto silent = spawn_coroutine(f.system, [](coroutine_self self) -> task<> { co_await self.sleep_for(24h); });
  // It reports each step to the test before it waits for messages that come only if the test continues.
  const auto main = [](coroutine_self self, member observer, caf::actor echo, caf::actor silent) -> task<> {
    auto asked = co_await self.accept<std::string>();
    for (std::int32_t step = 0;; ++step) {
      const auto answer = co_await self.request<std::int32_t>(echo, 60s, step);
      self.send(observer, answer.value());
      switch (step) {
      case 0:
        co_await self.receive<bool>();
        break;
      case 1:
        static_cast<void>(co_await when_any(self, self.receive<bool>(), self.request(silent, 60s, std::int32_t{1})));
        break;
      case 2: {
        nursery children{self};
        children.start(self.request(silent, 60s, std::int32_t{1}));
        children.start(self.sleep_for(1h));
        co_await self.receive<bool>();
        break;
      }
      case 3:
        static_cast<void>(co_await with_timeout(self, 1h, self.receive<bool>()));
        break;
      default:
        asked.reply.answer(true);
        co_return;
      }
    }
  };
  for (int steps = 0; steps <= 4; ++steps) {
    const auto who = spawn_coroutine(f.system, main, registry::as_member(f.self), echo, silent);
    auto waiting = compat::request(f.self, who, 60s, "go");
    for (int i = 0; i <= steps; ++i) {
      f.self->receive([&](std::int32_t step) { CHECK(step == i); });
      if (i < steps)
        registry::tell(who, true);
    }
    f.end(who);
    bool answered = false;
    std::optional<error> refused;
    std::move(waiting).receive([&](bool x) { answered = x; }, [&](const caf::error& e) { refused = compat::from_caf(e); });
    CHECK(answered == (steps == 4));
    if (!answered) {
      REQUIRE(refused);
      CHECK(*refused == errc::cancelled);
    }
  }
  f.end(echo);
  f.end(silent);
}

} // namespace registry
