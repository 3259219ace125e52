#pragma once

#include <registry/scope/internal/peer_sender.hpp>

#include <caf/node_id.hpp>

#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace registry {

/// The route to each linked node: the actor at the other end of its link. Any thread; holds its lock for a lookup only.
class routes final : public peer_sender {
public:
  void set(const incarnation& peer, const member& remote);
  /// Removes a route, if it still leads to this actor.
  void erase(const incarnation& peer, const member& remote);

  void send(const incarnation& peer, frame content) override;
  void fan_out(std::vector<member> members, const caf::message& content) override;

private:
  std::mutex lock_;
  std::map<incarnation, member> by_peer_;
  std::unordered_map<caf::node_id, member> by_node_;
};

} // namespace registry
