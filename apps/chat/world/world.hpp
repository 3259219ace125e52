#pragma once

#include <chat/world/person.hpp>

#include <registry/node/node.hpp>
#include <registry/scope/scope.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chat {

/// The server's description of itself, and its limits for one client.
struct server_info {
  /// The server's name; with a dot in it, or clients take it for a nickname.
  std::string name = "chat.localhost";
  std::string network = "registry";
  /// The message of the day, line by line.
  std::vector<std::string> motd{};
  /// When the server was started, as a text.
  std::string created{};
  /// The greatest number of channels of a client, at most `roster::max_channels`.
  std::size_t max_channels = 20;
  /// The greatest number of targets of one message.
  std::size_t max_targets = 4;
  /// The greatest number of channels in one LIST.
  std::size_t max_list = 1000;
  std::size_t max_topic = 300;
  std::size_t max_away = 200;
};

/// All that the sessions of a server share: the three scopes in which the chat lives. There is no other state that one session
/// sees of another; what happens in the scopes is all that is relayed, so that it does not matter on which node it happened.
///
/// | scope      | mode      | key            | member           | value                                  |
/// | `nicks`    | unique    | folded nick    | the session      | `person`                               |
/// | `channels` | duplicate | folded channel | the session      | `person`, with the channel's name      |
/// | `topics`   | duplicate | folded channel | a topic keeper   | `topic`; of several the newest counts  |
struct world {
  world(server_info about, registry::scope nick_scope, registry::scope channel_scope, registry::scope topic_scope);

  server_info info;
  registry::scope nicks;
  registry::scope channels;
  registry::scope topics;
  /// The topic keeper of this server.
  registry::member keeper;
  /// The number of clients that are connected to this server.
  std::atomic<std::size_t> clients{0};

  /// The entry of the user with this nickname, in any spelling, on any node; of several the one who keeps it.
  [[nodiscard]] std::optional<registry::entry> find_nick(std::string_view nick) const;
};

/// Opens the scopes on a node. Errors: those of `node::open_scope`.
registry::result<std::shared_ptr<world>> open_world(registry::node& where, server_info info);

/// Closes what `open_world` opened.
void close_world(registry::node& where);

} // namespace chat
