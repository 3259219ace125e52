#include <support/fake_member.hpp>
#include <support/fixture.hpp>

#include <registry/actor/handle.hpp>
#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>

#include <support/catch.hpp>

#include <string>
#include <vector>

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::one_node;

std::string text_of(const watched& x) {
  if (const auto* there = std::get_if<present_entry>(&x))
    return to_string(there->key) + " has " + to_string(there->what.data);
  if (const auto* change = std::get_if<event_ptr>(&x))
    return testing::summary(**change);
  return "restarted";
}

/// Answers each request with the next element of a subscription.
task<> reads(coroutine_self self, scope where, std::optional<value> key) {
  awaitable_scope rooms{self, where};
  auto stream = key ? rooms.watch(*key) : rooms.watch();
  auto ready = co_await self.accept<std::string>();
  ready.reply.answer(std::string{"ready"});
  for (;;) {
    auto asked = co_await self.accept<std::string>();
    auto one = co_await stream.value().next();
    asked.reply.answer(text_of(one.value()));
  }
}

struct reader {
  reader(one_node& n, scope where, std::optional<value> key) : node(n), who(spawn_coroutine(n.system, reads, where, key)) {
    CHECK(next() == "ready");
  }
  ~reader() { node.end(registry::as_member(who)); }
  std::string next() {
    std::string out;
    compat::request(node.self, who, 60s, "next").receive([&](std::string& x) { out = x; }, [](const caf::error&) {});
    return out;
  }
  one_node& node;
  caf::actor who;
};

task<> awaits(coroutine_self self, scope where, value key, std::chrono::milliseconds timeout) {
  auto asked = co_await self.accept<std::string>();
  awaitable_scope rooms{self, where};
  const auto arrived = co_await rooms.await_key(key, timeout);
  if (arrived)
    asked.reply.answer(to_string(arrived.value()[0].data));
  else
    asked.reply.answer(std::string{to_string(arrived.error().code())});
}

} // namespace

TEST_CASE("a subscription as a stream yields the current entries, then the changes", "[coro][registry]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("lobby", ann, "ann"));
  REQUIRE(n.rooms.join("lobby", ann, "again"));
  REQUIRE(n.rooms.join("other", ann, "elsewhere"));
  reader lobby(n, n.rooms, value{"lobby"});
  CHECK(lobby.next() == R"("lobby" has "ann")");
  REQUIRE(n.rooms.update_value("lobby", ann, "new"));
  CHECK(lobby.next() == R"("lobby" has "again")");
  REQUIRE(n.rooms.join("other", ann));
  REQUIRE(n.rooms.leave("lobby", ann));
  CHECK(lobby.next().rfind("update", 0) == 0);
  CHECK(lobby.next().rfind("leave", 0) == 0);
}

TEST_CASE("a subscription to a whole scope as a stream", "[coro][registry]") {
  one_node n;
  const auto ann = n.spawn_idle();
  for (int i = 0; i < 10; ++i)
    REQUIRE(n.rooms.join(value{i}, ann, i));
  reader all(n, n.rooms, std::nullopt);
  for (int i = 0; i < 10; ++i)
    CHECK(all.next().find(" has ") != std::string::npos);
  REQUIRE(n.rooms.join("later", ann));
  CHECK(all.next().rfind(R"(join "later")", 0) == 0);
}

TEST_CASE("a stream whose reader does not keep up starts again", "[coro][registry]") {
  one_node n;
  auto options = scope_options{};
  options.name = "small";
  options.subscription_limit = 4;
  auto small = n.home.open_scope(options).value();
  const auto ann = n.spawn_idle();
  reader slow(n, small, value{"k"});
  for (int i = 0; i < 10; ++i) {
    REQUIRE(small.join("k", ann, i));
    small.flush();
  }
  // The first of them may have been fetched by the reader's last look.
  auto one = slow.next();
  while (one != "restarted")
    one = slow.next();
  for (int i = 0; i < 10; ++i)
    CHECK(slow.next() == R"("k" has )" + std::to_string(i));
  REQUIRE(small.join("k", ann, 10));
  CHECK(slow.next().rfind("join", 0) == 0);
}

TEST_CASE("a stopped stream ends, and no messages of it are kept", "[coro][registry]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto main = [](coroutine_self self, scope where, member ann) -> task<> {
    auto asked = co_await self.accept<std::string>();
    self.limit_kept_messages(1);
    bool ended = true;
    for (int i = 0; i < 100; ++i) {
      auto stream = watch(self, where, "k").value();
      // A message is in transit when the stream ends.
      static_cast<void>(where.join("k", ann));
      where.flush();
      stream.stop();
      const auto none = co_await stream.next();
      ended = ended && !none;
      co_await self.sleep_for(0ms);
    }
    asked.reply.answer(ended);
    auto last = co_await self.accept<std::string>();
    last.reply.answer(true);
  };
  const auto who = spawn_coroutine(n.system, main, n.rooms, ann);
  for (int i = 0; i < 2; ++i) {
    bool answer = false;
    compat::request(n.self, who, 60s, "go").receive([&](bool x) { answer = x; }, [](const caf::error&) {});
    CHECK(answer);
  }
}

TEST_CASE("await_key waits for the first entry of a key", "[coro][registry]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto ask = [&](const value& key, std::chrono::milliseconds timeout) {
    return compat::request(n.self, spawn_coroutine(n.system, awaits, n.rooms, key, timeout), 60s, "go");
  };
  std::string got;
  const auto note = [&](std::string& x) { got = x; };
  const auto fail = [](const caf::error&) { FAIL("refused"); };
  SECTION("that is there already") {
    REQUIRE(n.rooms.join("k", ann, "early"));
    ask("k", 60s).receive(note, fail);
    CHECK(got == R"("early")");
  }
  SECTION("that comes later") {
    auto waiting = ask("k", 60s);
    REQUIRE(n.rooms.join("other", ann));
    REQUIRE(n.rooms.join("k", ann, "late"));
    std::move(waiting).receive(note, fail);
    CHECK(got == R"("late")");
  }
  SECTION("that does not come") {
    ask("k", 1ms).receive(note, fail);
    CHECK(got == "timeout");
  }
  SECTION("of a scope that is closed") {
    auto waiting = ask("k", 60s);
    REQUIRE(n.home.close_scope("rooms"));
    std::move(waiting).receive(note, fail);
    CHECK(got == "scope_closed");
  }
}

TEST_CASE("a node that is alone is in sync at once", "[coro][registry]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto main = [](coroutine_self self, scope where) -> task<> {
    awaitable_scope rooms{self, where};
    for (;;) {
      auto asked = co_await self.accept<std::string>();
      const auto synced = co_await rooms.await_synced(60s);
      const auto replicated = co_await rooms.await_replicated(60s);
      const bool both = synced && replicated;
      const bool closed = !synced && synced.error() == errc::scope_closed;
      asked.reply.answer(std::string{both ? "both" : closed ? "closed" : "failed"});
    }
  };
  const auto who = spawn_coroutine(n.system, main, n.rooms);
  REQUIRE(n.rooms.join("k", ann));
  const auto ask = [&] {
    std::string out;
    compat::request(n.self, who, 60s, "go").receive([&](std::string& x) { out = x; }, [](const caf::error&) {});
    return out;
  };
  CHECK(ask() == "both");
  REQUIRE(n.home.close_scope("rooms"));
  CHECK(ask() == "closed");
  n.end(registry::as_member(who));
}

TEST_CASE("a coroutine cancelled while it awaits a key leaves nothing in the scope", "[coro][registry]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const value key{testing::make_member(1)}; // a holder of the key holds a reference to the member
  const auto main = [](coroutine_self self, scope where, value key) -> task<> {
    awaitable_scope rooms{self, where};
    auto asked = co_await self.accept<std::string>();
    const auto before = testing::use_count(key.as_actor());
    {
      const auto first = co_await when_any(self, rooms.await_key(key, 60s), self.sleep_for(1ms));
      if (first.index() != 1)
        co_return;
    }
    asked.reply.answer(testing::use_count(key.as_actor()) == before);
    asked = co_await self.accept<std::string>();
    const auto again = co_await rooms.await_key("k", 60s);
    asked.reply.answer(again.has_value());
  };
  const auto who = spawn_coroutine(n.system, main, n.rooms, key);
  bool answer = false;
  compat::request(n.self, who, 60s, "go").receive([&](bool x) { answer = x; }, [](const caf::error&) {});
  CHECK(answer);
  REQUIRE(n.rooms.join("k", ann));
  answer = false;
  compat::request(n.self, who, 60s, "go").receive([&](bool x) { answer = x; }, [](const caf::error&) {});
  CHECK(answer);
}

namespace {

/// Starts and ends this many subscriptions at a time, each with a signal in transit, and returns whether an ordinary message
/// is kept all the same.
task<> subscribes(coroutine_self self, scope where, std::size_t most_kept, bool as_stream) {
  constexpr int at_a_time = 200;
  constexpr int rounds = 20;
  self.limit_kept_messages(most_kept);
  const auto me = self.handle();
  auto asked = co_await self.accept<std::string>();
  int heard = 0;
  for (int round = 0; round < rounds; ++round) {
    {
      std::vector<event_stream> streams;
      std::vector<subscription_ref> references;
      for (int i = 0; i < at_a_time; ++i) {
        if (as_stream)
          streams.push_back(watch(self, where, i).value());
        else
          references.push_back(where.monitor(i, me).value().reference);
      }
      for (int i = 0; i < at_a_time; ++i)
        CHECK(where.join(i, me));
      where.flush();
      if (!as_stream) // they are kept, since no coroutine receives them
        co_await self.catch_up();
      for (const auto reference : references)
        CHECK(where.demonitor(reference));
    }
    CHECK(where.leave_all(me));
    co_await self.catch_up();
    self.send(me, std::int32_t{42});
    co_await self.catch_up();
    const auto got = co_await with_timeout(self, 1ms, self.receive<std::int32_t>());
    heard += got ? 1 : 0;
  }
  asked.reply.answer(heard == rounds);
}

} // namespace

TEST_CASE("ended subscriptions leave no messages in an actor", "[coro][registry]") {
  one_node n;
  caf::actor who;
  // A stream leaves nothing at all; messages of manual subscriptions are dropped before any others.
  SECTION("as streams") {
    who = spawn_coroutine(n.system, subscribes, n.rooms, std::size_t{1}, true);
  }
  SECTION("by hand") {
    who = spawn_coroutine(n.system, subscribes, n.rooms, std::size_t{300}, false);
  }
  bool all = false;
  compat::request(n.self, who, 60s, "go").receive([&](bool x) { all = x; }, [](const caf::error&) {});
  CHECK(all);
  n.end(registry::as_member(who));
}

} // namespace registry
