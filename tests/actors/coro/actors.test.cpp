#include <coro/coroutine_fixture.hpp>
#include <registry/actor/tell.hpp>

#include <registry/compat/error.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include <support/catch.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <tuple>
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

/// Answers a text with the result of a request for an `Answer`.
template <class... Answer>
task<> tell_outcome(coroutine_self self, member whom, std::chrono::milliseconds timeout) {
  auto asked = co_await self.accept<std::string>();
  auto outcome = co_await self.request<Answer...>(whom, timeout, std::int32_t{1});
  asked.reply.answer(outcome ? std::string{"success"} : to_string(outcome.error()));
}

task<> never_answers(coroutine_self self) {
  const auto asked = co_await self.accept<std::int32_t>();
  co_await self.receive<std::string>();
}

task<> throws(coroutine_self self) {
  co_await self.receive<std::int32_t>();
  throw std::runtime_error("the roof is on fire");
}

task<result<void>> fails(coroutine_self self) {
  auto asked = co_await self.accept<std::int32_t>();
  co_return error(errc::not_joined, "nobody is here");
}

task<> ping(coroutine_self self, member partner, int rounds) {
  auto asked = co_await self.accept<std::string>();
  std::int32_t last = 0;
  for (std::int32_t i = 1; i <= rounds; ++i) {
    self.send(partner, i);
    last = co_await self.receive<std::int32_t>();
  }
  asked.reply.answer(last);
}

task<> pong(coroutine_self self) {
  for (;;) {
    auto ball = co_await self.accept<std::int32_t>();
    self.send(ball.sender, -ball.content);
  }
}

} // namespace

TEST_CASE("coroutine actors and classic actors send requests to each other", "[coro]") {
  coroutine_fixture f;
  const auto classic = f.system.spawn(classic_doubler);
  const auto coroutine = spawn_coroutine(f.system, coroutine_doubler);
  CHECK(f.ask<std::int32_t>(classic, std::int32_t{1}) == 2);
  CHECK(f.ask<std::int32_t>(coroutine, std::int32_t{1}) == 2);
  CHECK(f.ask<std::int32_t>(spawn_coroutine(f.system, ask_twice, classic, 3), "go") == 12);
  CHECK(f.ask<std::int32_t>(spawn_coroutine(f.system, ask_twice, coroutine, 3), "go") == 12);
  f.end(classic);
  f.end(coroutine);
}

TEST_CASE("two coroutine actors play ping-pong", "[coro]") {
  coroutine_fixture f;
  const auto partner = spawn_coroutine(f.system, pong);
  const auto player = spawn_coroutine(f.system, ping, registry::as_member(partner), 10'000);
  CHECK(f.ask<std::int32_t>(player, "go") == -10'000);
  f.end(partner);
}

TEST_CASE("a message that is not a request gets no response except messages sent explicitly", "[coro]") {
  coroutine_fixture f;
  const auto partner = spawn_coroutine(f.system, pong);
  const auto main = [](coroutine_self self, member partner) -> task<> {
    auto asked = co_await self.accept<std::string>();
    bool only_balls = true;
    for (std::int32_t i = 0; i < 3; ++i) {
      self.send(partner, i);
      const auto any = co_await self.receive<caf::message>();
      only_balls = only_balls && any.match_elements<std::int32_t>();
    }
    asked.reply.answer(only_balls);
  };
  CHECK(f.ask<bool>(spawn_coroutine(f.system, main, registry::as_member(partner)), "go"));
  f.end(partner);
}

TEST_CASE("a failed request gives the reason", "[coro]") {
  coroutine_fixture f;
  const auto tell = [&](auto fun, const caf::actor& whom, std::chrono::milliseconds timeout) {
    return f.ask<std::string>(spawn_coroutine(f.system, fun, registry::as_member(whom), timeout), "go");
  };
  const auto starts_with = [](const std::string& text, std::string_view start) {
    CAPTURE(text);
    return text.rfind(start, 0) == 0;
  };
  const auto doubler = f.system.spawn(classic_doubler);
  const auto silent = spawn_coroutine(f.system, never_answers);
  CHECK(tell(tell_outcome<std::int32_t>, doubler, 60s) == "success");
  CHECK(starts_with(tell(tell_outcome<std::int32_t>, silent, 1ms), "timeout: "));
  CHECK(starts_with(tell(tell_outcome<std::string>, doubler, 60s), "malformed: "));
  CHECK(starts_with(tell(tell_outcome<>, doubler, 60s), "malformed: "));
  CHECK(starts_with(tell(tell_outcome<std::int32_t>, caf::actor{}, 60s), "invalid_actor: "));
  const auto refuses = f.system.spawn([]() -> caf::behavior {
    return {[](std::int32_t) -> caf::result<std::int32_t> { return caf::make_error(caf::sec::bad_function_call); }};
  });
  const auto refused = tell(tell_outcome<std::int32_t>, refuses, 60s);
  CHECK(starts_with(refused, "failed: "));
  CHECK(refused.find("bad_function_call") != std::string::npos);
  const auto ours = f.system.spawn([]() -> caf::behavior {
    return {[](std::int32_t) -> caf::result<std::int32_t> { return compat::to_caf(error(errc::not_joined, "ours")); }};
  });
  CHECK(tell(tell_outcome<std::int32_t>, ours, 60s) == "not_joined: ours");
  for (const auto& who : {doubler, silent, refuses, ours})
    f.end(who);
  CHECK(starts_with(tell(tell_outcome<std::int32_t>, doubler, 60s), "actor_down: "));
}

TEST_CASE("a response of nothing, of one value and of several", "[coro]") {
  coroutine_fixture f;
  const auto peer = f.system.spawn([]() -> caf::behavior {
    return {[](std::int32_t) {}, [](std::string x) { return x + "!"; },
            [](bool) -> caf::result<std::int32_t, std::string> { return {1, "one"}; }};
  });
  const auto main = [](coroutine_self self, caf::actor peer) -> task<> {
    auto asked = co_await self.accept<std::string>();
    const auto none = co_await self.request(peer, 60s, std::int32_t{1});
    const auto one = co_await self.request<std::string>(peer, 60s, "text");
    const auto two = co_await self.request<std::int32_t, std::string>(peer, 60s, true);
    const auto& [number, text] = two.value();
    asked.reply.answer((none ? "none " : "?") + one.value() + " " + std::to_string(number) + text);
  };
  CHECK(f.ask<std::string>(spawn_coroutine(f.system, main, peer), "go") == "none text! 1one");
  f.end(peer);
}

TEST_CASE("receive takes the types it names and leaves the others, in order", "[coro]") {
  coroutine_fixture f;
  const auto main = [](coroutine_self self) -> task<> {
    std::string out;
    out += "bool:" + std::to_string(co_await self.receive<bool>());
    for (int i = 0; i < 3; ++i) {
      auto next = co_await self.receive<std::int32_t, std::string>();
      out += next.index() == 0 ? " int:" + std::to_string(std::get<0>(next)) : " text:" + std::get<1>(next);
    }
    auto pair = co_await self.receive<std::tuple<std::string, std::int32_t>>();
    out += " pair:" + std::get<0>(pair) + std::to_string(std::get<1>(pair));
    auto any = co_await self.receive<caf::message>();
    out += " any:" + std::to_string(any.size());
    auto asked = co_await self.accept<char>();
    asked.reply.answer(out);
  };
  const auto who = spawn_coroutine(f.system, main);
  registry::tell(who, 1.5, 2.5, 3.5);
  registry::tell(who, "a", std::int32_t{7});
  registry::tell(who, std::int32_t{1});
  registry::tell(who, "b");
  registry::tell(who, std::int32_t{2});
  registry::tell(who, true);
  CHECK(f.ask<std::string>(who, 'x') == "bool:1 int:1 text:b int:2 pair:a7 any:3");
}

TEST_CASE("a request that is only received is answered with nothing", "[coro]") {
  coroutine_fixture f;
  const auto main = [](coroutine_self self) -> task<> { co_await self.receive<std::int32_t>(); };
  const auto who = spawn_coroutine(f.system, main);
  bool answered = false;
  compat::request(f.self, who, 60s, std::int32_t{1}).receive([&] { answered = true; }, [](const caf::error&) {});
  CHECK(answered);
}

TEST_CASE("an actor that ends without answering a request gives an error", "[coro]") {
  coroutine_fixture f;
  SECTION("by its own end") {
    const auto forgets = [](coroutine_self self) -> task<> { static_cast<void>(co_await self.accept<std::int32_t>()); };
    CHECK(f.refused(spawn_coroutine(f.system, forgets), std::int32_t{1}) == errc::cancelled);
  }
  SECTION("by being killed, also when it has not looked at the request yet") {
    const auto holds = [](coroutine_self self, member observer) -> task<> {
      auto asked = co_await self.accept<std::int32_t>();
      self.send(observer, true);
      co_await self.sleep_for(1h);
    };
    const auto asks = [](coroutine_self self, caf::actor whom) -> task<> {
      auto asked = co_await self.accept<std::string>();
      auto kept = self.request(whom, 60s, 1.5);
      auto taken = self.request(whom, 60s, std::int32_t{1});
      const auto both = co_await when_all(self, std::move(kept), std::move(taken));
      const bool cancelled = std::get<0>(both).error() == errc::cancelled && std::get<1>(both).error() == errc::cancelled;
      asked.reply.answer(cancelled);
    };
    const auto whom = spawn_coroutine(f.system, holds, registry::as_member(f.self));
    auto waiting = compat::request(f.self, spawn_coroutine(f.system, asks, whom), 60s, "go");
    f.self->receive([](bool) {});
    f.end(whom);
    bool both_cancelled = false;
    std::move(waiting).receive([&](bool x) { both_cancelled = x; }, [](const caf::error&) {});
    CHECK(both_cancelled);
  }
}

TEST_CASE("an actor ends when its coroutine does, with a reason that describes the outcome", "[coro]") {
  coroutine_fixture f;
  const auto reason_of = [&](const caf::actor& who) {
    f.self->monitor(who);
    registry::tell(who, std::int32_t{1});
    caf::error out;
    f.self->receive([&](caf::down_msg& down) { out = down.reason; });
    return out;
  };
  const auto returns = [](coroutine_self self) -> task<> { co_await self.receive<std::int32_t>(); };
  const auto normal = reason_of(spawn_coroutine(f.system, returns));
  CHECK((!normal || normal == caf::exit_reason::normal));
  const auto thrown = compat::from_caf(reason_of(spawn_coroutine(f.system, throws)));
  REQUIRE(thrown);
  CHECK(to_string(*thrown) == "failed: an exception escaped a coroutine: the roof is on fire");
  const auto failed = compat::from_caf(reason_of(spawn_coroutine(f.system, fails)));
  REQUIRE(failed);
  CHECK(to_string(*failed) == "not_joined: nobody is here");
}

TEST_CASE("an actor whose coroutine ends at once ends at once", "[coro]") {
  coroutine_fixture f;
  const auto returns = [](coroutine_self) -> task<> { co_return; };
  const auto throws_at_once = [](coroutine_self) -> task<> {
    throw std::runtime_error("at once");
    co_return;
  };
  f.self->wait_for(spawn_coroutine(f.system, returns));
  f.self->wait_for(spawn_coroutine(f.system, throws_at_once));
}

TEST_CASE("sleeping blocks neither the actor nor the thread", "[coro]") {
  coroutine_fixture f{1};
  const auto main = [](coroutine_self self) -> task<> {
    nursery children{self};
    children.start(self.sleep_for(24h));
    co_await coroutine_doubler(self);
  };
  const auto sleeper = spawn_coroutine(f.system, main);
  CHECK(f.ask<std::int32_t>(sleeper, std::int32_t{1}) == 2);
  const auto other = f.system.spawn(classic_doubler); // on the same thread, since it is the only one
  CHECK(f.ask<std::int32_t>(other, std::int32_t{2}) == 4);
  CHECK(f.ask<std::int32_t>(sleeper, std::int32_t{3}) == 6);
  f.end(sleeper);
  f.end(other);
}

TEST_CASE("a sleep takes at least the given time", "[coro]") {
  coroutine_fixture f;
  const auto main = [](coroutine_self self) -> task<> {
    auto asked = co_await self.accept<std::string>();
    const auto before = self.now();
    co_await self.sleep_for(2ms);
    asked.reply.answer(self.now() - before >= 2ms);
  };
  CHECK(f.ask<bool>(spawn_coroutine(f.system, main), "go"));
}

TEST_CASE("catching up waits for the messages in the mailbox, and runs the coroutines that wait for them", "[coro]") {
  coroutine_fixture f;
  const auto add_up = [](coroutine_self self, std::int32_t* sum) -> task<> {
    for (;;)
      *sum += co_await self.receive<std::int32_t>();
  };
  const auto main = [add_up](coroutine_self self) -> task<> {
    auto asked = co_await self.accept<std::string>();
    std::int32_t sum = 0;
    nursery adding{self};
    adding.start(add_up(self, &sum));
    for (std::int32_t i = 1; i <= 100; ++i)
      self.send(self.handle(), i);
    co_await self.catch_up();
    const auto first = sum;
    self.send(self.handle(), true); // kept, since no coroutine waits for it
    co_await self.catch_up();
    co_await self.receive<bool>();
    asked.reply.answer(first);
  };
  CHECK(f.ask<std::int32_t>(spawn_coroutine(f.system, main), "go") == 5050);
}

TEST_CASE("messages beyond the limit of kept messages are refused", "[coro]") {
  coroutine_fixture f;
  const auto main = [](coroutine_self self) -> task<> {
    self.limit_kept_messages(2);
    co_await self.receive<bool>();
    auto sum = co_await self.receive<std::int32_t>();
    sum += co_await self.receive<std::int32_t>();
    auto asked = co_await self.accept<char>();
    asked.reply.answer(sum);
  };
  const auto who = spawn_coroutine(f.system, main);
  registry::tell(who, std::int32_t{1});
  registry::tell(who, std::int32_t{2});
  CHECK(f.refused(who, std::int32_t{4}) == errc::limit_exceeded);
  registry::tell(who, true);
  CHECK(f.ask<std::int32_t>(who, 'x') == 3);
}

TEST_CASE("messages about the end of a monitored actor are received like others", "[coro]") {
  coroutine_fixture f;
  const auto watched = spawn_coroutine(f.system, pong);
  const auto main = [](coroutine_self self, member whom) -> task<> {
    compat::monitor(whom, self.handle());
    auto asked = co_await self.accept<std::string>();
    auto down = co_await self.receive<caf::down_msg>();
    asked.reply.answer(down.source == whom->address());
  };
  const auto who = spawn_coroutine(f.system, main, registry::as_member(watched));
  auto waits = compat::request(f.self, who, 60s, "go");
  f.end(watched);
  bool same = false;
  std::move(waits).receive([&](bool x) { same = x; }, [](const caf::error&) {});
  CHECK(same);
}

TEST_CASE("an actor that was ended sends no more answers, and its timers do not delay the end of the system", "[coro]") {
  std::optional<coroutine_fixture> f{std::in_place};
  const auto main = [](coroutine_self self) -> task<> {
    nursery children{self};
    children.start(self.sleep_for(24h));
    co_await coroutine_doubler(self);
  };
  const auto who = spawn_coroutine(f->system, main);
  CHECK(f->ask<std::int32_t>(who, std::int32_t{1}) == 2);
  f->end(who);
  bool answered = false;
  bool refused = false;
  compat::request(f->self, who, 60s, std::int32_t{1})
      .receive([&](std::int32_t) { answered = true; }, [&](const caf::error&) { refused = true; });
  CHECK_FALSE(answered);
  CHECK(refused);
  const auto begin = std::chrono::steady_clock::now();
  f.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 1h);
}

} // namespace registry
