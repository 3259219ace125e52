#pragma once

#include <registry/member/member.hpp>
#include <registry/wire/internal/frame.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace registry::inline v0_2::internal {

/// What a node says beside CAF on a connection of version 2: frames and heartbeats, which CAF never sees. Any thread, except where
/// noted.
///
/// CAF knows an actor on another node by its node and a number. So a frame names its actors by these; the sender makes
/// CAF remember the actor, as CAF does when it sends a handle, and the receiver gets the handle that CAF has, or makes.
class frame_channel {
public:
  using bytes = std::vector<std::byte>;

  /// What the two handlers get comes in the thread of CAF's multiplexer, and in the order in which it was sent.
  struct handlers {
    std::function<void(std::string bytes, std::vector<member> handles)> frame;
    std::function<void(std::string bytes)> heartbeat;
  };

  /// With CAF's broker of connections, and its name of the other node, as text.
  frame_channel(caf::actor_system& system, caf::actor broker, const std::string& peer, handlers on);

  /// Sends, or drops it if the connection has ended.
  void send(const frame& content);
  void send_heartbeat(std::span<const std::byte> content);

  // The connection calls these, in the thread of CAF's multiplexer.
  /// From now on `wake` is called, in any thread, when there is something to be taken and there was nothing before.
  void open(std::function<void()> wake);
  void close();
  struct outgoing {
    std::vector<bytes> frames;
    std::vector<bytes> heartbeats;
  };
  [[nodiscard]] outgoing take();
  /// A literal that says what is wrong with it, or null.
  const char* received_frame(std::span<const std::byte> content, std::size_t most_actors);
  void received_heartbeat(std::span<const std::byte> content);

private:
  void push(bytes content, std::vector<bytes> outgoing::* queue);

  caf::actor_system& system_;
  const caf::actor broker_;
  caf::node_id peer_;
  const handlers on_;

  std::mutex lock_;
  outgoing waiting_;
  std::shared_ptr<const std::function<void()>> wake_;
  bool is_awake_ = false;
};

} // namespace registry::inline v0_2::internal
