#include <chat/session/context.hpp>

#include <utility>

namespace chat {

context::context(std::shared_ptr<chat::world> where, registry::member who, std::shared_ptr<sink> out, std::string host)
    : world(std::move(where)),
      self(std::move(who)),
      client(std::move(out), world->info.name),
      channels(world, self, client),
      name(world, self) {
  client.me.host = std::move(host);
  client.me.server = world->info.name;
}

} // namespace chat
