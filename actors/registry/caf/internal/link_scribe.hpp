#pragma once

#include <registry/caf/internal/frame_channel.hpp>
#include <registry/caf/internal/multiplexer_calls.hpp>
#include <registry/link/internal/basp_guard.hpp>
#include <registry/link/internal/tls.hpp>

#include <caf/fwd.hpp>
#include <caf/io/scribe.hpp>
#include <caf/node_id.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace registry::inline v0_2::internal {

/// What a connection between two nodes is made from.
struct link_stream {
  /// A connected socket, owned by the holder of this object.
  int socket = -1;
  /// Encrypts; null in plain.
  std::shared_ptr<tls_session> tls;
  /// What travels beside CAF's stream: version 2 of the protocol, records. Null: version 1, that stream alone.
  std::shared_ptr<frame_channel> channel;
  /// Of all connections of the system.
  std::shared_ptr<multiplexer_calls> calls;
  basp_ends ends;
  basp_limits limits;
  /// The most bytes that may wait to be sent.
  std::size_t memory = std::size_t{512} << 20;
  /// The most actors of the other node that this one may know at a time.
  std::size_t actors = std::size_t{4} << 20;
  /// The other node, and its address for logs.
  caf::node_id node;
  std::string peer;
};

/// A connection of CAF's broker on which a `basp_guard` sees everything before the broker does. It ends like one whose peer has
/// hung up: on a violation of the protocol, and when more bytes wait to be sent than it may hold.
caf::io::scribe_ptr make_link_scribe(caf::actor_system& system, link_stream stream);

} // namespace registry::inline v0_2::internal
