#include <chat/session/context.hpp>

#include <utility>

namespace chat {

context::context(registry::coroutine_self actor, std::shared_ptr<chat::world> where, std::shared_ptr<sink> out,
                 std::string host)
    : world(std::move(where)),
      self(actor.handle()),
      client(std::move(out), world->info.name),
      channels(actor, world, client),
      name(world, self) {
  client.me.host = std::move(host);
  client.me.server = world->info.name;
  ++world->clients;
}

context::~context() {
  depart(*this, "Connection lost");
  --world->clients;
}

void depart(context& on, std::string_view farewell) {
  if (std::exchange(on.gone, true))
    return;
  on.channels.quit(farewell);
  on.name.release();
  auto closing = "Closing link: " + on.client.me.host + " (" + std::string{farewell} + ")";
  on.client.send(irc::compose({}, "ERROR", irc::text{closing}));
  on.client.close();
}

} // namespace chat
