#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/wire/internal/frame.hpp>

#include <caf/fwd.hpp>

#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// The connection of a scope to other nodes. Any thread; called under locks of the scope, so an implementation only queues.
class peer_sender {
public:
  virtual ~peer_sender() = default;

  /// Sends a frame to a peer; frames to one peer arrive in order or not at all.
  virtual void send(const incarnation& peer, frame content) = 0;
  /// Whether a message to actors of this node has a way: it is linked, and if it is silent, not too much waits for it.
  [[nodiscard]] virtual bool accepts(const caf::node_id& node) const = 0;
  /// Sends a message to several actors of one other node, as one message between the nodes. False if it has no way.
  virtual bool fan_out(std::vector<member> members, const caf::message& content) = 0;
  /// A peer as the operator knows it.
  [[nodiscard]] virtual std::string describe(const incarnation& peer) const = 0;
};

} // namespace registry::inline v0_2
