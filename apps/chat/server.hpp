#pragma once

#include <chat/session/session_list.hpp>
#include <chat/transport/listener.hpp>
#include <chat/world/messages.hpp>
#include <chat/world/world.hpp>

#include <registry/node/node.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace chat {

struct server_options {
  listener_options listen;
  server_info info;
  /// How often each session looks after its client: one that says nothing is asked after one to two ticks, and disconnected a
  /// tick later.
  std::chrono::milliseconds tick{60'000};
};

/// A chat server for IRC clients on one node of the registry.
///
/// Order of destruction: the server (or `stop`), the node, the actor system.
class server {
public:
  /// Opens the scopes on the node and begins to serve. The actor system must have been configured with `system_config`. Errors:
  /// `invalid_argument` if an address cannot be listened on, `scope_exists` if the node has scopes of these names already.
  static registry::result<std::unique_ptr<server>> start(registry::node& where, server_options options);

  server(const server&) = delete;
  server& operator=(const server&) = delete;
  /// Stops.
  ~server();

  [[nodiscard]] std::uint16_t port() const noexcept { return listener_->port(); }
  [[nodiscard]] const std::vector<std::string>& addresses() const noexcept { return listener_->addresses(); }
  [[nodiscard]] std::size_t session_count() const { return sessions_->size(); }
  /// The scopes.
  [[nodiscard]] const world& shared() const noexcept { return *world_; }

  /// Says goodbye to every client, waits until it is gone, and closes the scopes. Idempotent. Not from inside of an actor.
  void stop();

private:
  server(registry::node& where, std::chrono::milliseconds tick, std::shared_ptr<world> shared);
  connection_handlers begin_session(const std::shared_ptr<connection>& with);

  registry::node* node_;
  std::chrono::milliseconds tick_;
  std::shared_ptr<world> world_;
  std::shared_ptr<session_list> sessions_ = std::make_shared<session_list>();
  std::unique_ptr<listener> listener_;
};

} // namespace chat
