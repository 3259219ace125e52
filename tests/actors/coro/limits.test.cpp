#include <coro/coroutine_fixture.hpp>
#include <coro/manual_actor.hpp>
#include <support/fixture.hpp>

#include <registry/actor/handle.hpp>
#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>
#include <registry/time/deadline.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <limits>
#include <string>
#include <vector>

namespace registry {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::manual_actor;

/// Limits that no clock can hold if they are added to its time.
const std::vector<milliseconds> endless{milliseconds::max(), milliseconds::max() / 2, std::chrono::years{290}};
const std::vector<milliseconds> passed{milliseconds::min(), -1ms, 0ms};

} // namespace

TEST_CASE("a time limit is saturated before it is added to a time", "[time]") {
  constexpr milliseconds century = std::chrono::years{100};
  CHECK(saturated(milliseconds::max()) == century);
  CHECK(saturated(century) == century);
  CHECK(saturated(century - 1ms) == century - 1ms);
  CHECK(saturated(1ms) == 1ms);
  CHECK(saturated(-1ms) == 0ms);
  CHECK(saturated(milliseconds::min()) == 0ms);
  CHECK(saturated(std::chrono::hours::max()) == century);
  CHECK(saturated(std::chrono::nanoseconds::max()) == century);
  const auto now = std::chrono::steady_clock::now();
  CHECK(deadline_after(milliseconds::max(), now) > now + std::chrono::years{99});
  CHECK(deadline_after(milliseconds::min(), now) == now);
  CHECK(deadline_after(1ms, now) == now + 1ms);
}

TEST_CASE("a limit that no clock can hold does not end a wait", "[coro][time]") {
  for (const auto limit : endless) {
    manual_actor actor;
    int ended = 0;
    const auto main = [&]() -> task<> {
      const auto doze = [](coroutine_self self, milliseconds time, int& count) -> task<> {
        co_await self.sleep_for(time);
        ++count;
      };
      const auto hear = [](coroutine_self self, milliseconds time, int& count) -> task<> {
        const auto got = co_await with_timeout(self, time, self.receive<std::int32_t>());
        count += got ? 100 : 1;
      };
      co_await when_all(actor.self(), doze(actor.self(), limit, ended), hear(actor.self(), limit, ended));
    };
    actor.run(main);
    actor.advance(1h * 24 * 365);
    CHECK(ended == 0);
    actor.receive(std::int32_t{1});
    CHECK(ended == 100);
  }
}

TEST_CASE("a negative limit ends a wait at once", "[coro][time]") {
  for (const auto limit : passed) {
    manual_actor actor;
    int ended = 0;
    const auto main = [&]() -> task<> {
      co_await actor.self().sleep_for(limit);
      ++ended;
      const auto got = co_await with_timeout(actor.self(), limit, actor.self().receive<std::int32_t>());
      ended += got ? 100 : 1;
    };
    actor.run(main);
    actor.advance(0ms);
    actor.advance(0ms);
    CHECK(ended == 2);
    CHECK(actor.ended());
  }
}

TEST_CASE("a request with an unbounded limit gets its answer, and one with a passed limit none", "[coro][time]") {
  testing::coroutine_fixture f;
  const auto answerer = f.system.spawn([](caf::event_based_actor*) -> caf::behavior {
    return {[](std::int32_t x) { return x + 1; }, [](const std::string&) { return caf::sec::runtime_error; }};
  });
  const auto main = [](coroutine_self self, caf::actor whom) -> task<> {
    for (;;) {
      auto asked = co_await self.accept<std::int64_t>();
      const auto got = co_await self.request<std::int32_t>(whom, milliseconds{asked.content}, std::int32_t{1});
      asked.reply.answer(got ? got.value() : got.error() == errc::timeout ? -1 : -2);
    }
  };
  const auto asking = spawn_coroutine(f.system, main, answerer);
  for (const auto limit : endless) {
    CHECK(f.ask<std::int32_t>(asking, std::int64_t{limit.count()}) == 2);
    std::int32_t got = 0;
    compat::request(f.self, answerer, limit, std::int32_t{1})
        .receive([&](std::int32_t x) { got = x; }, [](const caf::error&) {});
    CHECK(got == 2);
  }
  registry::kill(answerer);
  f.end(asking);
}

TEST_CASE("scopes can be awaited with an unbounded limit and with none", "[coro][registry][time]") {
  testing::one_node n;
  const auto ann = n.spawn_idle();
  const auto main = [](coroutine_self self, scope where) -> task<> {
    awaitable_scope rooms{self, where};
    for (;;) {
      auto asked = co_await self.accept<std::int64_t>();
      const milliseconds limit{asked.content};
      const auto got = co_await rooms.await_key("k", limit);
      const auto synced = co_await rooms.await_synced(limit);
      const auto replicated = co_await rooms.await_replicated(limit);
      const bool in_step = synced && replicated;
      asked.reply.answer(got && in_step ? 1 : !got && got.error() == errc::timeout ? -1 : -2);
    }
  };
  const auto waiting = spawn_coroutine(n.system, main, n.rooms);
  const auto ask = [&](milliseconds limit) { return compat::request(n.self, waiting, 60s, std::int64_t{limit.count()}); };
  std::int32_t got = 0;
  const auto note = [&](std::int32_t x) { got = x; };
  const auto ignore = [](const caf::error&) {};
  for (const auto limit : passed) {
    ask(limit).receive(note, ignore);
    CHECK(got == -1);
    CHECK(n.rooms.wait_for_key("k", limit).error() == errc::timeout);
    CHECK(n.refused<value>(n.rooms, await_request{"k", limit.count()}) == errc::timeout);
  }
  for (const auto limit : endless) {
    auto pending = ask(limit);
    auto request = compat::request(n.self, n.rooms.actor(), 60s, await_request{"k", limit.count()});
    REQUIRE(n.rooms.join("other", ann));
    REQUIRE(n.rooms.join("k", ann));
    std::move(pending).receive(note, ignore);
    CHECK(got == 1);
    bool answered = false;
    std::move(request).receive([&](const value&) { answered = true; }, ignore);
    CHECK(answered);
    CHECK(n.rooms.wait_for_key("k", limit));
    CHECK(n.rooms.wait_synced(limit));
    REQUIRE(n.rooms.leave_all(ann));
  }
  n.end(registry::as_member(waiting));
}

} // namespace registry
