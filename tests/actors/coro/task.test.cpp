#include <coro/manual_actor.hpp>

#include <registry/coro/task.hpp>

#include <support/catch.hpp>

#include <memory>
#include <stdexcept>
#include <string>

namespace registry {

namespace {

using testing::counted;
using testing::manual_actor;

task<int> value_of(int x) {
  co_return x;
}

task<std::unique_ptr<int>> boxed(int x) {
  co_return std::make_unique<int>(x);
}

task<int> failing(std::string text) {
  throw std::runtime_error(text);
  co_return 0;
}

task<> note(int& log, counted) {
  ++log;
  co_return;
}

task<> sum_of_ready(int times, long& sum) {
  for (int i = 0; i < times; ++i)
    sum += co_await value_of(i);
}

task<long> depth(int levels) {
  if (levels == 0)
    co_return 0;
  const auto below = co_await depth(levels - 1);
  co_return below + 1;
}

task<> sum_of_received(coroutine_self self, int times, long& sum) {
  for (int i = 0; i < times; ++i)
    sum += co_await self.receive<std::int32_t>();
}

} // namespace

TEST_CASE("a task starts when it is awaited, not before", "[coro][task]") {
  int runs = 0;
  int alive = 0;
  {
    auto never = note(runs, counted(alive));
    CHECK(alive == 1);
  }
  CHECK(runs == 0);
  CHECK(alive == 0);
  manual_actor actor;
  actor.start(note(runs, counted(alive)));
  CHECK(runs == 1);
  CHECK(alive == 0);
  CHECK(actor.ended());
}

TEST_CASE("a task gives its value, even a move-only one", "[coro][task]") {
  manual_actor actor;
  int got = 0;
  const auto main = [&got]() -> task<> {
    got += co_await value_of(1);
    auto two = co_await boxed(2);
    got += *two;
  };
  actor.run(main);
  CHECK(got == 3);
}

TEST_CASE("an exception of a task is thrown where it is awaited", "[coro][task]") {
  manual_actor actor;
  std::string caught;
  const auto main = [&caught]() -> task<> {
    try {
      co_await failing("one");
    } catch (const std::exception& e) {
      caught = e.what();
    }
    co_await failing("two");
  };
  actor.run(main);
  CHECK(caught == "one");
  CHECK(actor.ended());
  REQUIRE(actor.failure());
  CHECK_THROWS_WITH(std::rethrow_exception(actor.failure()), "two");
}

TEST_CASE("a loop over tasks that are ready does not use up the stack", "[coro][task]") {
  manual_actor actor;
  long sum = 0;
  actor.start(sum_of_ready(1'000'000, sum));
  CHECK(sum == 499'999'500'000);
}

TEST_CASE("a loop over many waits does not use up the stack", "[coro][task]") {
  manual_actor actor;
  long sum = 0;
  actor.start(sum_of_received(actor.self(), 200'000, sum));
  for (std::int32_t i = 0; i < 200'000; ++i)
    actor.receive(std::int32_t{1});
  CHECK(sum == 200'000);
  CHECK(actor.ended());
}

TEST_CASE("tasks await each other deeply", "[coro][task]") {
  manual_actor actor;
  long got = 0;
  const auto main = [&got]() -> task<> { got = co_await depth(1'000); };
  actor.run(main);
  CHECK(got == 1'000);
}

} // namespace registry
