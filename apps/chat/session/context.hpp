#pragma once

#include <chat/session/client.hpp>
#include <chat/session/memberships.hpp>
#include <chat/session/name_guard.hpp>
#include <chat/world/world.hpp>

#include <registry/coro/self.hpp>

#include <memory>
#include <optional>
#include <string>

namespace chat {

/// The state that the commands of one client work on. When it is destroyed, the client departs if it has not yet.
struct context {
  context(registry::coroutine_self actor, std::shared_ptr<chat::world> where, std::shared_ptr<sink> out, std::string host);
  context(const context&) = delete;
  context& operator=(const context&) = delete;
  ~context();

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
  /// Whether it has said anything lately.
  bool heard = false;
  /// Its farewell.
  std::optional<std::string> farewell;
  /// Whether it has departed.
  bool gone = false;
};

/// Ends a client's stay: the others see it quit with this farewell, its nickname is free, its connection ends. Once.
void depart(context& on, std::string_view farewell);

} // namespace chat
