#pragma once

#include <registry/link/internal/basp_content.hpp>
#include <registry/member/member.hpp>
#include <registry/wire/internal/frame.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
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

  /// What the two handlers get comes in the thread of CAF's multiplexer: the frames of one scope in the order in which they were
  /// sent; those of other scopes pass large ones, and heartbeats pass everything.
  struct handlers {
    std::function<void(std::string bytes, std::vector<member> handles)> frame;
    std::function<void(std::string bytes)> heartbeat;
  };

  /// With CAF's broker of connections, and its name of the other node, as text.
  frame_channel(caf::actor_system& system, caf::actor broker, const std::string& peer, handlers on);

  ///@{
  /// False if the connection has ended, or CAF has closed it in favour of another one.
  bool send(const frame& content);
  bool send_heartbeat(std::span<const std::byte> content);
  ///@}
  /// Keeps what is sent from now on behind the messages that CAF has been given for this node before.
  void fence();

  // The connection calls these, in the thread of CAF's multiplexer.
  /// From now on `wake` is called, in any thread, once for each time that there is something to `take`. It must keep the order with
  /// messages to CAF's broker.
  void open(std::function<void()> wake);
  void close();
  struct outgoing {
    struct record {
      std::uint64_t stream = 0; ///< see `record_writer`: one for each scope
      bytes content;
    };
    std::vector<record> frames;
    std::vector<bytes> heartbeats;
  };
  [[nodiscard]] outgoing take();
  /// A literal that says what is wrong with it, or null.
  const char* received_frame(std::span<const std::byte> content, const basp_limits& limits);
  void received_heartbeat(std::span<const std::byte> content);

  /// How many actors of the other node, and of others that its frames have named, CAF knows here.
  [[nodiscard]] std::size_t known_actors() const;

private:
  template <class Record>
  bool push(Record what, std::vector<Record> outgoing::* queue);

  caf::actor_system& system_;
  const caf::actor broker_;
  caf::node_id peer_;
  const handlers on_;
  std::set<caf::node_id> thirds_; // of CAF's multiplexer

  std::mutex lock_;
  std::deque<outgoing> waiting_; // one for each call of `wake_` under way
  bool is_fenced_ = false;       // what comes next needs a call of its own
  std::shared_ptr<const std::function<void()>> wake_;
};

} // namespace registry::inline v0_2::internal
