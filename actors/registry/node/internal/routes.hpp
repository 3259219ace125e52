#pragma once

#include <registry/caf/internal/frame_channel.hpp>
#include <registry/scope/internal/peer_sender.hpp>

#include <caf/node_id.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace registry::inline v0_2 {

/// What leads to a linked node.
struct link_way {
  /// The actor at the other end of the link.
  member remote;
  /// Takes frames and heartbeats past CAF. Null, or closed, if they go through CAF, to that actor.
  std::shared_ptr<internal::frame_channel> channel = nullptr;
  /// Whether the node speaks version 2, and holds messages that are ahead of changes.
  bool holds_messages = false;
};

/// The way to each linked node. Any thread; holds its lock for a lookup only.
///
/// Messages to a silent node may wait in memory for as long as it is silent, so their number is bounded.
class routes final : public peer_sender {
public:
  void set(const incarnation& peer, const link_way& way);
  /// Removes a route, if it still leads to this actor.
  void erase(const incarnation& peer, const member& remote);

  /// A peer has become silent, or is heard of again.
  void set_silent(const incarnation& peer, bool silent);

  /// Says what to call a peer from now on, until `forget`.
  void call(const incarnation& peer, std::string name);
  void forget(const incarnation& peer);

  void send(const incarnation& peer, frame content) override;
  [[nodiscard]] bool accepts(const caf::node_id& node) const override;
  bool fan_out(std::vector<member> members, const caf::message& content, const changes_before& after) override;
  [[nodiscard]] std::string describe(const incarnation& peer) const override;

  /// How many messages may be sent to a node while it is silent.
  static constexpr std::size_t max_waiting = 1024;

private:
  struct route {
    link_way way;
    bool silent = false;
    std::size_t waiting = 0; // sent since it became silent
    [[nodiscard]] bool is_full() const noexcept { return silent && waiting >= max_waiting; }
  };

  mutable std::mutex lock_;
  std::map<incarnation, link_way> by_peer_;
  std::unordered_map<caf::node_id, route> by_node_;
  std::map<incarnation, std::string> names_;
};

} // namespace registry::inline v0_2
