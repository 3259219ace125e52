#include <coro/manual_actor.hpp>

#include <registry/coro/channel.hpp>
#include <registry/coro/generator.hpp>
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
using numbers = std::vector<int>;

task<> push_all(channel<int> to, int count, int& pushed) {
  for (int i = 0; i < count; ++i) {
    if (!co_await to.push(i))
      co_return;
    ++pushed;
  }
  to.close();
}

task<> take_all(channel<int> from, numbers& out) {
  while (auto one = co_await from.next())
    out.push_back(*one);
}

generator<int> count_to(int last, counted) {
  for (int i = 1; i <= last; ++i)
    co_yield i;
}

generator<int> ticks(coroutine_self self, std::chrono::milliseconds period, counted) {
  for (int i = 1;; ++i) {
    co_await self.sleep_for(period);
    co_yield i;
  }
}

generator<int> failing() {
  co_yield 1;
  throw std::runtime_error("no more");
}

} // namespace

TEST_CASE("a channel is bounded and keeps the order", "[coro][channel]") {
  manual_actor actor;
  channel<int> jobs{actor.self(), 3};
  int pushed = 0;
  numbers out;
  const auto main = [&]() -> task<> {
    nursery children{actor.self()};
    children.start(push_all(jobs, 100, pushed));
    co_await actor.self().sleep_for(1ms);
    CHECK(pushed == 3);
    CHECK(jobs.size() == 3);
    CHECK_FALSE(jobs.try_push(1));
    children.start(take_all(jobs, out));
    static_cast<void>(co_await children.join());
  };
  actor.run(main);
  actor.advance(1ms);
  CHECK(actor.ended());
  REQUIRE(out.size() == 100);
  for (int i = 0; i < 100; ++i)
    CHECK(out[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("several consumers of a channel are served in turn", "[coro][channel]") {
  manual_actor actor;
  channel<int> jobs{actor.self(), 1};
  numbers first;
  numbers second;
  const auto take = [](channel<int> from, numbers& out) -> task<> {
    while (auto one = co_await from.next())
      out.push_back(*one);
  };
  const auto main = [&]() -> task<> {
    nursery children{actor.self()};
    children.start(take(jobs, first));
    children.start(take(jobs, second));
    for (int i = 0; i < 10; ++i) {
      co_await actor.self().sleep_for(1ms);
      CHECK(jobs.try_push(i));
    }
    jobs.close();
    static_cast<void>(co_await children.join());
  };
  actor.run(main);
  for (int i = 0; i < 10; ++i)
    actor.advance(1ms);
  CHECK(actor.ended());
  CHECK(first == numbers{0, 2, 4, 6, 8});
  CHECK(second == numbers{1, 3, 5, 7, 9});
}

TEST_CASE("closing a channel ends the waits on either end", "[coro][channel]") {
  manual_actor actor;
  int ended = 0;
  const auto main = [&]() -> task<> {
    channel<int> empty{actor.self(), 1};
    channel<int> full{actor.self(), 1};
    CHECK(full.try_push(1));
    nursery children{actor.self()};
    const auto taker = [](channel<int> from, int& n) -> task<> { n += (co_await from.next()) ? 100 : 1; };
    const auto pusher = [](channel<int> to, int& n) -> task<> { n += (co_await to.push(2)) ? 100 : 1; };
    children.start(taker(empty, ended));
    children.start(pusher(full, ended));
    co_await actor.self().sleep_for(1ms);
    empty.close();
    full.close();
    static_cast<void>(co_await children.join());
    const auto left = co_await full.next();
    const auto none = co_await full.next();
    const bool taken = co_await full.push(3);
    CHECK(left == 1);
    CHECK_FALSE(none);
    CHECK_FALSE(taken);
  };
  actor.run(main);
  actor.advance(1ms);
  CHECK(actor.ended());
  CHECK(ended == 2);
}

TEST_CASE("cancelling a consumer that has been given a value loses none", "[coro][channel]") {
  manual_actor actor;
  channel<int> jobs{actor.self(), 4};
  numbers out;
  const auto main = [&]() -> task<> {
    // Both become ready at the same moment; the sleep comes first.
    auto winner = co_await when_any(actor.self(), actor.self().sleep_for(1ms), jobs.next());
    CHECK(winner.index() == 0);
    while (auto one = co_await jobs.next())
      out.push_back(*one);
  };
  const auto producer = [](coroutine_self self, channel<int> to) -> task<> {
    co_await self.sleep_for(1ms);
    to.try_push(1);
    to.try_push(2);
    to.close();
  };
  const auto both = [&]() -> task<> {
    nursery children{actor.self()};
    children.start(producer(actor.self(), jobs));
    children.start(main()); // `main` outlives it
    static_cast<void>(co_await children.join());
  };
  actor.run(both);
  actor.advance(1ms);
  CHECK(actor.ended());
  CHECK(out == numbers{1, 2});
}

TEST_CASE("a generator yields one by one and ends", "[coro][generator]") {
  manual_actor actor;
  int alive = 0;
  numbers out;
  const auto main = [&]() -> task<> {
    auto stream = count_to(5, counted(alive));
    while (auto one = co_await stream.next())
      out.push_back(*one);
    const auto end = co_await stream.next();
    CHECK_FALSE(end);
    auto endless = ticks(actor.self(), 1ms, counted(alive));
    const auto first = co_await endless.next();
    const auto second = co_await endless.next();
    CHECK(first == 1);
    CHECK(second == 2);
    CHECK(alive == 2);
  };
  actor.run(main);
  actor.advance(1ms);
  actor.advance(1ms);
  CHECK(actor.ended());
  CHECK(out == numbers{1, 2, 3, 4, 5});
  CHECK(alive == 0);
}

TEST_CASE("a generator of many values does not use up the stack", "[coro][generator]") {
  manual_actor actor;
  int alive = 0;
  long sum = 0;
  const auto main = [&]() -> task<> {
    auto stream = count_to(1'000'000, counted(alive));
    while (auto one = co_await stream.next())
      sum += *one;
  };
  actor.run(main);
  CHECK(sum == 500'000'500'000);
}

TEST_CASE("an exception of a generator is thrown to its consumer", "[coro][generator]") {
  manual_actor actor;
  std::string caught;
  const auto main = [&]() -> task<> {
    auto stream = failing();
    const auto first = co_await stream.next();
    CHECK(first == 1);
    try {
      co_await stream.next();
    } catch (const std::runtime_error& e) {
      caught = e.what();
    }
    const auto end = co_await stream.next();
    CHECK_FALSE(end);
  };
  actor.run(main);
  CHECK(caught == "no more");
  CHECK(actor.ended());
}

TEST_CASE("a cancelled wait for a generator loses no value", "[coro][generator]") {
  manual_actor actor;
  int alive = 0;
  numbers out;
  const auto main = [&]() -> task<> {
    auto stream = ticks(actor.self(), 10ms, counted(alive));
    auto one = co_await with_timeout(actor.self(), 4ms, stream.next());
    CHECK_FALSE(one.has_value());
    one = co_await with_timeout(actor.self(), 4ms, stream.next());
    CHECK_FALSE(one.has_value());
    out.push_back((co_await stream.next()).value());
    one = co_await with_timeout(actor.self(), 1ms, stream.next());
    co_await actor.self().sleep_for(20ms);
    out.push_back((co_await stream.next()).value());
    out.push_back((co_await stream.next()).value());
  };
  actor.run(main);
  for (int i = 0; i < 60; ++i)
    actor.advance(1ms);
  CHECK(actor.ended());
  CHECK(out == numbers{1, 2, 3});
  CHECK(alive == 0);
}

} // namespace registry
