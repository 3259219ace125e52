#include <node/clustered_node.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>
#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/spawn.hpp>

#include <support/catch.hpp>

#include <string>

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::cluster_of;

task<> echo(coroutine_self self, scope where) {
  awaitable_scope rooms{self, where};
  auto asked = co_await self.accept<bool>();
  static_cast<void>(rooms->join("echo", self.handle()));
  const auto replicated = co_await rooms.await_replicated(60s);
  asked.reply.answer(replicated.has_value());
  for (;;) {
    auto heard = co_await self.accept<std::string>();
    heard.reply.answer(heard.content);
  }
}

task<> asks_echo(coroutine_self self, scope where) {
  awaitable_scope rooms{self, where};
  auto asked = co_await self.accept<std::string>();
  const auto synced = co_await rooms.await_synced(60s);
  const auto found = co_await rooms.await_key("echo", 60s);
  const auto heard = co_await self.request<std::string>(found.value()[0].who, 60s, asked.content);
  asked.reply.answer(synced ? heard.value() : std::string{"not synced"});
}

} // namespace

TEST_CASE("coroutines of two nodes find each other and talk", "[coro][mesh]") {
  const auto nodes = cluster_of(2);
  auto& a = *nodes[0];
  auto& b = *nodes[1];
  const auto asking = spawn_coroutine(b.system, asks_echo, b.rooms);
  auto waiting = compat::request(b.self, asking, 60s, "hello");
  const auto answering = spawn_coroutine(a.system, echo, a.rooms);
  bool replicated = false;
  compat::request(a.self, answering, 60s, true).receive([&](bool x) { replicated = x; }, [](const caf::error&) {});
  CHECK(replicated);
  CHECK(b.rooms.count("echo") == 1);
  std::string heard;
  std::move(waiting).receive([&](std::string& x) { heard = x; }, [](const caf::error&) {});
  CHECK(heard == "hello");
  registry::shut_down(answering);
  a.self->wait_for(answering);
}

} // namespace registry
