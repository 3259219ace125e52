#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/wire/internal/frame.hpp>
#include <registry/wire/internal/message.hpp>

#include <caf/fwd.hpp>

#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// What must arrive before a message: the changes of a scope up to a place in the stream of this node.
struct changes_before {
  const std::string& scope;
  stream_place place;
};

/// The connection of a scope to other nodes. Any thread; called under locks of the scope, so an implementation never waits.
class peer_sender {
public:
  virtual ~peer_sender() = default;

  /// Sends a frame to a peer; frames of one scope to one peer arrive in order or not at all.
  virtual void send(const incarnation& peer, frame content) = 0;
  /// Whether a message to actors of this node has a way: it is linked, and if it is silent, not too much waits for it.
  [[nodiscard]] virtual bool accepts(const caf::node_id& node) const = 0;
  /// Sends a message to several actors of one other node, as one message between the nodes, which they get after these changes.
  /// False if it has no way.
  virtual bool fan_out(std::vector<member> members, const caf::message& content, const changes_before& after) = 0;
  /// A peer as the operator knows it.
  [[nodiscard]] virtual std::string describe(const incarnation& peer) const = 0;
};

} // namespace registry::inline v0_2
