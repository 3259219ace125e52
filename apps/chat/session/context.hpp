#pragma once

#include <chat/session/client.hpp>
#include <chat/session/memberships.hpp>
#include <chat/session/name_guard.hpp>
#include <chat/world/world.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace chat {

/// What the commands of one client work on.
struct context {
  context(std::shared_ptr<chat::world> where, registry::member who, std::shared_ptr<sink> out, std::string host);

  std::shared_ptr<chat::world> world;
  registry::member self;
  chat::client client;
  memberships channels;
  name_guard name;

  /// Whether the client has introduced itself.
  bool registered = false;
  /// The nickname it wants before it is registered.
  std::string wanted_nick;
  /// Whether it has said USER.
  bool has_user = false;
  /// Whether it negotiates capabilities, which it must end before it is registered.
  bool negotiating = false;
  /// Why the client has to go, once it has to.
  std::optional<std::string> farewell;
};

} // namespace chat
