#include <node/clustered_node.hpp>
#include <support/fixture.hpp>

#include <registry/actor/tell.hpp>
#include <registry/compat/messages.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/awaitable_node.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <string>
#include <vector>

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::one_node;

std::string outcome(const result<void>& x) {
  return x ? "success" : to_string(x.error());
}

/// Answers with the result of a text request.
std::string ask(caf::scoped_actor& self, const caf::actor& whom, const std::string& text) {
  std::string out;
  compat::request(self, whom, 60s, text).receive([&](std::string& x) { out = std::move(x); }, [](const caf::error&) {});
  return out;
}

task<> closes(coroutine_self self, const node* where) {
  awaitable_node home{self, *where};
  for (;;) {
    auto asked = co_await self.accept<std::string>();
    const auto closed = co_await home.close_scope(asked.content);
    asked.reply.answer(outcome(closed));
  }
}

task<> joins(coroutine_self self, const node* where) {
  awaitable_node home{self, *where};
  for (;;) {
    auto asked = co_await self.accept<std::string>();
    const auto joined = co_await home.await_joined(asked.content == "long" ? 60s : 0s);
    asked.reply.answer(outcome(joined));
  }
}

task<> drains(coroutine_self self, const node* where) {
  awaitable_node home{self, *where};
  auto asked = co_await self.accept<std::string>();
  const auto left = co_await home.drain();
  asked.reply.answer(outcome(left));
}

} // namespace

TEST_CASE("a blocking call in an actor is refused with the awaitable form", "[node]") {
  one_node n(1);
  const auto blocking = n.system.spawn([&n](caf::event_based_actor*) -> caf::behavior {
    return {[&n](const std::string& name) {
      if (name == "await")
        return to_string(n.rooms.wait_for_key("k", 60s).error());
      if (name == "synced")
        return outcome(n.rooms.wait_synced(60s));
      if (name == "replicated")
        return outcome(n.rooms.wait_replicated(60s));
      if (name == "await at once")
        return to_string(n.rooms.wait_for_key("k", 0s).error());
      if (name == "drain")
        return outcome(n.home.drain());
      return name.empty() ? outcome(n.home.wait_joined(60s)) : outcome(n.home.close_scope(name));
    }};
  });
  for (const auto* name : {"await", "synced", "replicated"})
    CHECK(ask(n.self, blocking, name).find("co_await awaitable_scope(self, scope).") != std::string::npos);
  CHECK(ask(n.self, blocking, "await at once").find("timeout") != std::string::npos);
  CHECK(ask(n.self, blocking, "rooms").find("co_await awaitable_node(self, node).close_scope(name)") != std::string::npos);
  CHECK(ask(n.self, blocking, "").find("co_await awaitable_node(self, node).await_joined(timeout)") != std::string::npos);
  CHECK(ask(n.self, blocking, "drain").find("co_await awaitable_node(self, node).drain()") != std::string::npos);
  CHECK(n.home.find_scope("rooms"));
  n.end(registry::as_member(blocking));
}

TEST_CASE("a coroutine closes a scope on the only thread there is", "[node][coro]") {
  one_node n(1);
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann));
  const member of_scope = registry::as_member(n.rooms.actor());
  const auto who = spawn_coroutine(n.system, closes, &n.home);
  CHECK(ask(n.self, who, "rooms") == "success");
  CHECK_FALSE(registry::is_alive(of_scope));
  CHECK_FALSE(n.home.find_scope("rooms"));
  CHECK(n.rooms.join("k", ann).error() == errc::scope_closed);
  CHECK(ask(n.self, who, "rooms").find("no scope named 'rooms'") != std::string::npos);
  CHECK(n.home.open_scope("rooms"));
  n.end(registry::as_member(who));
}

TEST_CASE("an actor stops its node on the only thread there is", "[node]") {
  one_node n(1);
  const auto who = n.system.spawn([&n](caf::event_based_actor*) -> caf::behavior {
    return {[&n](const std::string&) {
      n.home.stop();
      return std::string{"stopped"};
    }};
  });
  CHECK(ask(n.self, who, "stop") == "stopped");
  CHECK(n.home.open_scope("late").error() == errc::scope_closed);
  n.end(registry::as_member(who));
}

TEST_CASE("a coroutine drains its node on the only thread there is", "[node][coro]") {
  one_node n(1);
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann));
  const auto who = spawn_coroutine(n.system, drains, &n.home);
  CHECK(ask(n.self, who, "now") == "success");
  CHECK(registry::is_alive(as_member(ann)));
  CHECK(n.rooms.count() == 0);
  CHECK(n.home.open_scope("late").error() == errc::scope_closed);
}

TEST_CASE("coroutines that drain a node at the same time all wait until it has left", "[node][coro]") {
  one_node n(1);
  REQUIRE(n.rooms.join("k", n.spawn_idle()));
  std::vector<caf::actor> leaving;
  for (int i = 0; i < 3; ++i)
    leaving.push_back(spawn_coroutine(n.system, drains, &n.home));
  for (const auto& who : leaving)
    registry::tell(who, std::string{"now"});
  for (const auto& who : leaving)
    n.self->wait_for(who);
  CHECK(n.rooms.count() == 0);
  CHECK(n.home.open_scope("late").error() == errc::scope_closed);
}

TEST_CASE("the peers of a node drained by a coroutine are notified", "[node][coro][mesh]") {
  testing::clustered_node stays{testing::loopback()};
  testing::clustered_node leaves{testing::loopback({*stays.home.address()})};
  REQUIRE(leaves.rooms.join("k", leaves.spawn_idle()));
  REQUIRE(stays.rooms.wait_for_key("k", 60s));
  REQUIRE(stays.rooms.monitor("k", stays.self));
  const auto who = spawn_coroutine(leaves.system, drains, &leaves.home);
  CHECK(ask(leaves.self, who, "now") == "success");
  std::vector<reason> reasons;
  while (reasons.empty()) {
    stays.self->receive([&](const events& pending) {
      for (const auto& change : pending.take().changes)
        reasons.push_back(change->why);
    });
  }
  CHECK(reasons == std::vector<reason>{reason::drained});
}

TEST_CASE("a node is refused by an actor system that does not know its messages", "[node]") {
  compat::announce_core_messages(); // CAF 1.x itself requires them
  caf::actor_system_config config;
  caf::actor_system system{config};
  const auto started = node::start(system);
  REQUIRE_FALSE(started);
  CHECK(started.error() == errc::invalid_argument);
  CHECK(started.error().message().find("registry::system_config") != std::string::npos);
}

TEST_CASE("a coroutine waits until its node has joined", "[node][coro][mesh]") {
  testing::clustered_node seed{testing::loopback()};
  for (int i = 0; i < 100; ++i)
    REQUIRE(seed.rooms.join(i, seed.spawn_idle()));
  const auto where = *seed.home.address();
  testing::clustered_node late{testing::loopback({where})};
  const auto who = spawn_coroutine(late.system, joins, &late.home);
  CHECK(ask(late.self, who, "long") == "success");
  CHECK(late.rooms.count() == 100);
  seed.home.stop();
  const auto lost = [&] {
    const auto now = ask(late.self, who, "short");
    return now.find("timeout") != std::string::npos && now.find("seed " + to_string(where)) != std::string::npos;
  };
  CHECK(testing::eventually(lost));
  registry::shut_down(who);
  late.self->wait_for(who);
}

} // namespace registry
