#pragma once

#include <registry/caf/internal/link_scribe.hpp>
#include <registry/compat/version.hpp>
#include <registry/member/member.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace registry::inline v0_2::internal {

/// CAF's middleman as the carrier of messages: takes over sockets that have already been connected and authenticated. So CAF
/// itself never listens, and never reads a byte from a stranger. Any thread.
class middleman {
public:
  using connected = std::function<void(const member& remote)>;
  using failed = std::function<void(const caf::error& why)>;

  /// The system must have been configured with a `clustered_system_config`: `is_loaded`.
  /// `poll_time`: how long its thread, and a worker of the scheduler, poll for the next change before they sleep.
  explicit middleman(caf::actor_system& system, std::chrono::nanoseconds poll_time = std::chrono::nanoseconds{0});
  /// Whether the system has a middleman.
  static bool is_loaded(const caf::actor_system& system) noexcept;

  /// A stream between this node and the one with that name, for the actor of a link, from a socket.
  [[nodiscard]] link_stream stream(int socket, const std::string& node, const member& link_actor) const;
  /// What travels beside CAF's stream in version 2.
  [[nodiscard]] std::shared_ptr<frame_channel> channel(const std::string& node, frame_channel::handlers on) const;

  /// Takes over a connection on the accepting side; the dialling side receives the handle `whom`. The middleman owns the socket
  /// from now on.
  void accept(link_stream stream, const member& whom) const;
  /// Takes over a connection on the dialling side, and tells `self` the handle from the other side, or the reason for its
  /// absence.
  void connect(caf::event_based_actor* self, link_stream stream, std::chrono::milliseconds timeout, connected then,
               failed otherwise) const;
  /// Tells `self` whether there is a connection to the node with this name. Of two that are made at the same time CAF ends both;
  /// of a second one that is handed over later CAF takes nothing but the handle, and messages go over the first.
  void is_connected(caf::event_based_actor* self, const std::string& node, std::function<void(bool)> then) const;
  /// Calls `then` with the ports at which CAF itself listens, those that the application has opened with `publish`; in CAF's
  /// thread, or not at all if the system ends.
  void find_open_ports(std::function<void(const std::vector<std::uint16_t>& ports)> then) const;

private:
  caf::actor_system* system_;
  caf::actor broker_;
  std::shared_ptr<multiplexer_calls> calls_;
  frame_channel::polls polls_;
};

} // namespace registry::inline v0_2::internal
