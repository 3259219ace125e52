#include <coro/manual_actor.hpp>

#include <registry/coro/nursery.hpp>
#include <registry/coro/when.hpp>

#include <support/catch.hpp>

#include <stdexcept>
#include <string>

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::counted;
using testing::manual_actor;
using log = std::vector<std::string>;

task<std::string> after(coroutine_self self, std::chrono::milliseconds delay, std::string text, counted) {
  co_await self.sleep_for(delay);
  co_return text;
}

task<> note_after(coroutine_self self, std::chrono::milliseconds delay, std::string text, log& out) {
  co_await self.sleep_for(delay);
  out.push_back(text);
}

task<int> throw_after(coroutine_self self, std::chrono::milliseconds delay) {
  co_await self.sleep_for(delay);
  throw std::runtime_error("thrown");
}

task<result<void>> fail_after(coroutine_self self, std::chrono::milliseconds delay, errc code) {
  co_await self.sleep_for(delay);
  co_return code;
}

} // namespace

TEST_CASE("sleepers wake in the order of their deadlines, and one wake-up serves many", "[coro][time]") {
  manual_actor actor;
  log out;
  const auto main = [&]() -> task<> {
    nursery children{actor.self()};
    children.start(note_after(actor.self(), 30ms, "c", out));
    children.start(note_after(actor.self(), 10ms, "a", out));
    children.start(note_after(actor.self(), 20ms, "b", out));
    children.start(note_after(actor.self(), 20ms, "b2", out));
    const auto done = co_await children.join();
    out.push_back(done ? "joined" : "failed");
  };
  actor.run(main);
  actor.advance(9ms);
  CHECK(out.empty());
  actor.advance(1ms);
  CHECK(out == log{"a"});
  actor.advance(10ms);
  CHECK(out == log{"a", "b", "b2"});
  actor.advance(100ms);
  CHECK(out == log{"a", "b", "b2", "c", "joined"});
  CHECK(actor.ended());
  CHECK(actor.wake_ups() <= 4);
}

TEST_CASE("cancelled timers leave no wake-ups behind", "[coro][time]") {
  manual_actor actor;
  int timeouts = 0;
  const auto main = [&]() -> task<> {
    for (int i = 0; i < 1'000; ++i) {
      const auto got = co_await with_timeout(actor.self(), 1h, actor.self().receive<std::int32_t>());
      timeouts += got ? 0 : 1;
    }
  };
  actor.run(main);
  for (std::int32_t i = 0; i < 1'000; ++i)
    actor.receive(i);
  CHECK(actor.ended());
  CHECK(timeouts == 0);
  CHECK(actor.wake_ups() == 1);
}

TEST_CASE("when_any gives the first and cancels the others", "[coro][when]") {
  manual_actor actor;
  int alive = 0;
  int alive_after = -1;
  std::string first;
  const auto main = [&]() -> task<> {
    auto slow = after(actor.self(), 20ms, "slow", counted(alive));
    auto fast = after(actor.self(), 10ms, "fast", counted(alive));
    auto winner = co_await when_any(actor.self(), std::move(slow), std::move(fast), actor.self().sleep_for(1h));
    REQUIRE(winner.index() == 1);
    first = std::get<1>(winner);
    alive_after = alive;
  };
  actor.run(main);
  CHECK(alive == 2);
  actor.advance(10ms);
  CHECK(first == "fast");
  CHECK(alive_after == 0);
  CHECK(actor.ended());
}

TEST_CASE("when_any lets only the first of several ready awaitables continue", "[coro][when]") {
  manual_actor actor;
  std::size_t which = 9;
  std::int32_t later = 0;
  const auto main = [&]() -> task<> {
    auto winner =
        co_await when_any(actor.self(), actor.self().receive<std::int32_t>(), actor.self().receive<std::int32_t>());
    which = winner.index();
    later = co_await actor.self().receive<std::int32_t>();
  };
  actor.receive(std::int32_t{1});
  actor.receive(std::int32_t{2});
  actor.run(main);
  CHECK(which == 0);
  CHECK(later == 2);
}

TEST_CASE("when_any over a vector gives the index of the first", "[coro][when]") {
  manual_actor actor;
  int alive = 0;
  std::size_t which = 99;
  const auto main = [&]() -> task<> {
    std::vector<task<std::string>> works;
    for (int i = 0; i < 10; ++i)
      works.push_back(after(actor.self(), std::chrono::milliseconds{100 - i}, std::to_string(i), counted(alive)));
    auto winner = co_await when_any(actor.self(), std::move(works));
    which = winner.index;
    CHECK(winner.value == "9");
  };
  actor.run(main);
  actor.advance(91ms);
  CHECK(which == 9);
  CHECK(alive == 0);
}

TEST_CASE("when_all gives all results in order", "[coro][when]") {
  manual_actor actor;
  int alive = 0;
  std::string all;
  const auto main = [&]() -> task<> {
    auto a = after(actor.self(), 20ms, "a", counted(alive));
    auto b = after(actor.self(), 10ms, "b", counted(alive));
    auto both = co_await when_all(actor.self(), std::move(a), std::move(b), actor.self().sleep_for(5ms));
    all = std::get<0>(both) + std::get<1>(both);
    std::vector<task<std::string>> works;
    for (int i = 0; i < 3; ++i)
      works.push_back(after(actor.self(), std::chrono::milliseconds{3 - i}, std::to_string(i), counted(alive)));
    for (const auto& text : co_await when_all(actor.self(), std::move(works)))
      all += text;
  };
  actor.run(main);
  actor.advance(20ms);
  CHECK(all == "ab");
  actor.advance(3ms);
  CHECK(all == "ab012");
  CHECK(alive == 0);
  CHECK(actor.ended());
}

TEST_CASE("an exception in when_all or when_any cancels the others and is thrown", "[coro][when]") {
  manual_actor actor;
  int alive = 0;
  int caught = 0;
  const auto main = [&]() -> task<> {
    try {
      auto bystander = after(actor.self(), 1h, "", counted(alive));
      co_await when_all(actor.self(), std::move(bystander), throw_after(actor.self(), 1ms));
    } catch (const std::runtime_error&) {
      caught += alive == 0 ? 1 : 100;
    }
    try {
      auto bystander = after(actor.self(), 1h, "", counted(alive));
      co_await when_any(actor.self(), throw_after(actor.self(), 1ms), std::move(bystander));
    } catch (const std::runtime_error&) {
      caught += alive == 0 ? 1 : 100;
    }
  };
  actor.run(main);
  actor.advance(1ms);
  actor.advance(1ms);
  CHECK(caught == 2);
  CHECK(actor.ended());
  CHECK_FALSE(actor.failure());
}

TEST_CASE("with_timeout gives the value in time and an error otherwise", "[coro][when]") {
  manual_actor actor;
  int alive = 0;
  log out;
  const auto main = [&]() -> task<> {
    auto in_time = co_await with_timeout(actor.self(), 10ms, after(actor.self(), 9ms, "in time", counted(alive)));
    out.push_back(in_time ? in_time.value() : "late");
    auto late = co_await with_timeout(actor.self(), 10ms, after(actor.self(), 11ms, "in time", counted(alive)));
    out.push_back(late ? late.value() : to_string(late.error()).substr(0, 7));
    auto nothing = co_await with_timeout(actor.self(), 10ms, actor.self().sleep_for(1ms));
    out.push_back(nothing ? "slept" : "late");
    auto inner = co_await with_timeout(actor.self(), 10ms, fail_after(actor.self(), 1ms, errc::not_joined));
    out.push_back(inner.error() == errc::not_joined ? "its own error" : "another error");
  };
  actor.run(main);
  for (int i = 0; i < 40; ++i)
    actor.advance(1ms);
  CHECK(out == log{"in time", "timeout", "slept", "its own error"});
  CHECK(alive == 0);
  CHECK(actor.ended());
}

TEST_CASE("leaving a nursery cancels its children", "[coro][nursery]") {
  manual_actor actor;
  int alive = 0;
  const auto main = [&]() -> task<> {
    {
      nursery children{actor.self()};
      children.start(with_timeout(actor.self(), 1h, after(actor.self(), 1h, "", counted(alive))));
      co_await actor.self().sleep_for(1ms);
      CHECK(alive == 1);
      CHECK_FALSE(children.empty());
    }
    CHECK(alive == 0);
  };
  actor.run(main);
  actor.advance(1ms);
  CHECK(actor.ended());
}

TEST_CASE("a child that fails cancels its siblings, and join gives the reason", "[coro][nursery]") {
  manual_actor actor;
  log out;
  const auto main = [&]() -> task<> {
    nursery children{actor.self()};
    children.start(note_after(actor.self(), 1ms, "early", out));
    children.start(fail_after(actor.self(), 2ms, errc::not_joined));
    children.start(note_after(actor.self(), 3ms, "too late", out));
    const auto done = co_await children.join();
    out.push_back(done ? "success" : std::string{to_string(done.error().code())});
    children.start(note_after(actor.self(), 1ms, "never started", out));
    CHECK(children.empty());
  };
  actor.run(main);
  for (int i = 0; i < 5; ++i)
    actor.advance(1ms);
  CHECK(out == log{"early", "not_joined"});
  CHECK(actor.ended());
}

TEST_CASE("an exception of a child is thrown by join", "[coro][nursery]") {
  manual_actor actor;
  std::string caught;
  const auto main = [&]() -> task<> {
    nursery children{actor.self()};
    children.start(with_timeout(actor.self(), 1h, actor.self().sleep_for(1h)));
    const auto run = [](coroutine_self self) -> task<> { co_await throw_after(self, 1ms); };
    children.start(run(actor.self()));
    try {
      static_cast<void>(co_await children.join());
    } catch (const std::runtime_error& e) {
      caught = e.what();
    }
  };
  actor.run(main);
  actor.advance(1ms);
  CHECK(caught == "thrown");
  CHECK(actor.ended());
}

TEST_CASE("a child may cancel the nursery it is in", "[coro][nursery]") {
  manual_actor actor;
  int alive = 0;
  bool joined = false;
  const auto cancels = [](coroutine_self self, nursery* home, counted) -> task<> {
    co_await self.sleep_for(1ms);
    home->cancel();
    co_await self.sleep_for(1ms);
    FAIL("the child was not cancelled");
  };
  const auto main = [&]() -> task<> {
    nursery children{actor.self()};
    children.start(with_timeout(actor.self(), 1h, after(actor.self(), 1h, "", counted(alive))));
    children.start(cancels(actor.self(), &children, counted(alive)));
    const auto done = co_await children.join();
    joined = done.has_value();
    CHECK(alive == 0);
  };
  actor.run(main);
  CHECK(alive == 2);
  actor.advance(1ms);
  CHECK(joined);
  actor.advance(1ms);
  CHECK(actor.ended());
}

} // namespace registry
