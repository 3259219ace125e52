#pragma once

#include <registry/link/internal/owned_socket.hpp>
#include <registry/link/internal/tls.hpp>

#include <caf/actor.hpp>

#include <cstdint>
#include <memory>

namespace registry::inline v0_2 {

class mesh;
struct mesh_link;

/// A connection after the handshake.
struct link_connection {
  owned_socket socket;
  std::shared_ptr<tls_session> tls; ///< null in plain
  std::uint8_t version = 0;
};

/// Spawns the actor of a link. It hands the socket to CAF as soon as CAF has no other connection to that node, or after a second:
/// then the application has one of its own, and the link goes over that, since CAF can have no second. It greets its counterpart,
/// reports `link_ready`, and from then on passes on incoming messages. It reports `link_lost` and ends when the
/// counterpart or the connection is lost, or when the link is not ready in time.
caf::actor spawn_link_actor(const std::shared_ptr<mesh>& home, const std::shared_ptr<mesh_link>& link,
                            link_connection connection);

} // namespace registry::inline v0_2
