#include <chat/session/commands/command.hpp>
#include <chat/session/commands/registration.hpp>
#include <chat/session/narration.hpp>
#include <chat/session/session.hpp>

#include <registry/actor/handle.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/when.hpp>

#include <utility>

namespace chat {

namespace {

using registry::coroutine_self;
using registry::task;

void take_line(context& on, const line_received& line) {
  on.heard = true;
  if (line.too_long)
    on.client.reply(irc::numeric::err_inputtoolong, irc::text{"Input line was too long"});
  else
    execute(on, line.content);
  on.client.acknowledge();
}

/// What the client says, until it takes its leave.
task<std::string> conversation(coroutine_self self, context* on) {
  while (!on->registered) {
    auto line = co_await self.receive<line_received>();
    take_line(*on, line);
    if (on->farewell)
      co_return *on->farewell;
    on->registered = introduce(*on);
  }
  welcome(*on);
  while (!on->farewell) {
    auto line = co_await self.receive<line_received>();
    take_line(*on, line);
  }
  co_return *on->farewell;
}

/// What other clients say, for ever.
task<std::string> hearsay(coroutine_self self, context* on) {
  for (;;) {
    auto what = co_await self.receive<relay>();
    if (what.channel.empty())
      on->client.send(what.line);
    else
      on->channels.on_relay(std::move(what));
  }
}

/// What other clients do, as far as `events` has taken note of it, for ever.
task<std::string> sightings(context* on) {
  for (;;)
    co_await on->channels.show_next();
}

/// Takes note of what happens in the client's channels, and to its name, until it loses that.
task<std::string> events(coroutine_self self, context* on) {
  for (;;) {
    auto pending = co_await self.receive<registry::events>();
    if (!on->name.on_events(pending)) {
      on->channels.on_events(pending);
      continue;
    }
    const auto holder = on->name.lost_to();
    if (!holder)
      continue;
    const auto server = std::string{text_in(holder->data, "server")};
    const auto why = std::string{nick_collision} + ": the name belongs to a user of " + server;
    on->client.tell("KILL", on->client.me.nick, irc::text{why});
    co_return std::string{nick_collision};
  }
}

/// Waits until the connection or the server ends.
task<std::string> disconnection(coroutine_self self) {
  auto end = co_await self.receive<connection_ended, shut_down>();
  co_return std::visit([](auto& why) { return std::move(why.reason); }, end);
}

/// The time has passed, or somebody says so.
task<> pass(coroutine_self self, std::chrono::milliseconds tick_length) {
  static_cast<void>(co_await registry::with_timeout(self, tick_length, self.receive<tick>()));
}

/// Waits until the client has been silent for too long.
task<std::string> silence(coroutine_self self, context* on, std::chrono::milliseconds tick_length) {
  co_await pass(self, tick_length);
  if (!on->registered)
    co_return "Registration timeout";
  for (;;) {
    on->heard = false;
    co_await pass(self, tick_length);
    if (on->heard)
      continue;
    on->client.send(irc::compose({}, "PING", irc::text{on->client.server()}));
    co_await pass(self, tick_length);
    if (!on->heard)
      co_return "Ping timeout";
  }
}

} // namespace

task<> session(coroutine_self self, session_start start) {
  // Each message is for one of those below, who always wait for it.
  self.limit_kept_messages(0);
  context on{self, start.world, start.out, start.host};
  // All of this at the same time; the first farewell counts.
  auto end = co_await registry::when_any(self, conversation(self, &on), hearsay(self, &on), sightings(&on),
                                         events(self, &on), disconnection(self), silence(self, &on, start.tick));
  depart(on, std::visit([](auto& farewell) { return std::move(farewell); }, end));
}

registry::member start_session(caf::actor_system& system, session_start start) {
  const auto list = start.list;
  const auto out = start.out;
  auto started = registry::as_member(registry::spawn_coroutine(system, session, std::move(start)));
  // In this order: a functor that is attached to an actor that has ended runs at once.
  list->add(started);
  started->get()->attach_functor([list, out, id = started->id()] {
    out->close();
    list->remove(id);
  });
  return started;
}

} // namespace chat
