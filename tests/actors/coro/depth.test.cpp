#include <coro/manual_actor.hpp>

#include <registry/coro/generator.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/task.hpp>
#include <registry/coro/when.hpp>

#include <support/catch.hpp>

#include <stdexcept>
#include <string>
#include <utility>

// A thread has 8 MB of stack, which these chains would exceed many times over if each link used some.

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::counted;
using testing::manual_actor;

constexpr int levels = 200'000;

/// Waits for a number at the bottom of this many tasks.
task<long> down(coroutine_self self, int levels, counted inside) {
  if (levels == 0)
    co_return co_await self.receive<std::int32_t>();
  const auto below = co_await down(self, levels - 1, inside);
  co_return below + 1;
}

task<long> ready_below(int levels) {
  if (levels == 0)
    co_return 0;
  const auto below = co_await ready_below(levels - 1);
  co_return below + 1;
}

task<> fails_below(coroutine_self self, int levels) {
  if (levels == 0) {
    co_await self.receive<std::int32_t>();
    throw std::runtime_error("from the bottom");
  }
  co_await fails_below(self, levels - 1);
}

task<> wrapping(task<> inner, counted) {
  co_await std::move(inner);
}

task<> limited(coroutine_self self, int levels, counted inside) {
  if (levels == 0)
    co_await self.receive<std::int32_t>();
  else
    static_cast<void>(co_await with_timeout(self, 1h, limited(self, levels - 1, inside)));
}

task<> one_of_two(coroutine_self self, int levels, counted inside) {
  if (levels == 0)
    co_await self.receive<std::int32_t>();
  else
    co_await when_any(self, one_of_two(self, levels - 1, inside), self.sleep_for(1h));
}

generator<int> relayed(coroutine_self self, int levels) {
  if (levels == 0) {
    co_yield co_await self.receive<std::int32_t>();
    co_return;
  }
  auto below = relayed(self, levels - 1);
  while (auto one = co_await below.next())
    co_yield *one + 1;
}

/// Records its destruction.
class noting {
public:
  noting(std::string& log, char name) noexcept : log_(&log), name_(name) {}
  noting(noting&& other) noexcept : log_(std::exchange(other.log_, nullptr)), name_(other.name_) {}
  noting& operator=(noting&&) = delete;
  ~noting() {
    if (log_ != nullptr)
      *log_ += name_;
  }

private:
  std::string* log_;
  char name_;
};

task<> noted(coroutine_self self, std::string& log, char name) {
  const noting here{log, name};
  if (name == 'z')
    co_await self.sleep_for(1h);
  else if (name == 'm')
    static_cast<void>(co_await with_timeout(self, 1h, noted(self, log, static_cast<char>(name + 1))));
  else
    co_await noted(self, log, static_cast<char>(name + 1));
}

} // namespace

TEST_CASE("a chain of tasks that wait for each other is as long as memory allows", "[coro][depth]") {
  manual_actor actor;
  int alive = 0;
  SECTION("started, and resumed from the bottom") {
    long got = 0;
    const auto main = [&]() -> task<> { got = co_await down(actor.self(), levels, counted(alive)); };
    actor.run(main);
    CHECK(alive > levels);
    actor.receive(std::int32_t{7});
    CHECK(got == levels + 7);
    CHECK(actor.ended());
  }
  SECTION("destroyed where it waits") {
    actor.run([&]() -> task<> { co_await down(actor.self(), levels, counted(alive)); });
    CHECK(alive > levels);
    actor.kill();
  }
  SECTION("that never waits") {
    long got = 0;
    const auto main = [&]() -> task<> { got = co_await ready_below(levels); };
    actor.run(main);
    CHECK(got == levels);
  }
  SECTION("that an exception goes through") {
    actor.start(fails_below(actor.self(), levels));
    actor.receive(std::int32_t{0});
    REQUIRE(actor.failure());
    CHECK_THROWS_WITH(std::rethrow_exception(actor.failure()), "from the bottom");
  }
  SECTION("made from the bottom") {
    const auto bottom = [&]() -> task<> { co_await actor.self().receive<std::int32_t>(); };
    auto chain = bottom();
    for (int i = 0; i < levels; ++i)
      chain = wrapping(std::move(chain), counted(alive));
    CHECK(alive == levels);
    SECTION("and not started") {}
    SECTION("and started") {
      actor.start(std::move(chain));
      actor.receive(std::int32_t{0});
      CHECK(actor.ended());
    }
    SECTION("and destroyed where it waits") {
      actor.start(std::move(chain));
      actor.kill();
    }
  }
  CHECK(alive == 0);
}

TEST_CASE("a chain of time limits or races is as long as memory allows", "[coro][depth]") {
  manual_actor actor;
  int alive = 0;
  const auto started = GENERATE(0, 1);
  actor.start(started == 0 ? limited(actor.self(), levels / 4, counted(alive))
                           : one_of_two(actor.self(), levels / 4, counted(alive)));
  CHECK(alive > levels / 4);
  SECTION("resumed from the bottom") {
    actor.receive(std::int32_t{0});
    CHECK(actor.ended());
  }
  SECTION("destroyed where it waits") {
    actor.kill();
  }
  CHECK(alive == 0);
}

TEST_CASE("a chain of generators that wait for each other is as long as memory allows", "[coro][depth]") {
  manual_actor actor;
  int got = 0;
  const auto main = [&]() -> task<> {
    auto top = relayed(actor.self(), levels / 4);
    while (auto one = co_await top.next())
      got = *one;
  };
  actor.run(main);
  actor.receive(std::int32_t{1});
  CHECK(got == levels / 4 + 1);
  CHECK(actor.ended());
}

TEST_CASE("coroutines that wait for each other are destroyed from the innermost to the outermost", "[coro][depth]") {
  std::string log;
  {
    manual_actor actor;
    actor.start(noted(actor.self(), log, 'a'));
    CHECK(log.empty());
  }
  CHECK(log == "zyxwvutsrqponmlkjihgfedcba");
}

TEST_CASE("destroying a coroutine that waits for the children of another one leaves them alive", "[coro][depth]") {
  manual_actor actor;
  int alive = 0;
  bool joined = false;
  const auto child = [](coroutine_self self, counted) -> task<> { co_await self.receive<std::int32_t>(); };
  const auto waits = [](nursery& whose) -> task<> { static_cast<void>(co_await whose.join()); };
  const auto main = [&]() -> task<> {
    nursery children{actor.self()};
    children.start(child(actor.self(), counted(alive)));
    const auto in_time = co_await with_timeout(actor.self(), 1ms, waits(children));
    CHECK_FALSE(in_time);
    CHECK(alive == 1);
    joined = (co_await children.join()).has_value();
  };
  actor.run(main);
  actor.advance(1ms);
  CHECK(alive == 1);
  actor.receive(std::int32_t{0});
  CHECK(joined);
  CHECK(actor.ended());
}

} // namespace registry
