#pragma once

#include <registry/caf/internal/frame_pause.hpp>
#include <registry/caf/internal/wake_poll.hpp>
#include <registry/link/internal/basp_content.hpp>
#include <registry/link/internal/frame_record.hpp>
#include <registry/link/internal/link_output.hpp>
#include <registry/member/member.hpp>
#include <registry/wire/internal/frame.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <atomic>
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
///
/// 1. What is sent is in `waiting_` or in the output of the connection, in this order. It passes from one to the other under `lock_`,
///    and so does what is written at once, so nothing overtakes what is in `waiting_`.
/// 2. Each element of `waiting_` has a call of its own on its way to the multiplexer's thread; any such call moves the first one. A call
///    for what is behind a fence is made after CAF has been given what is before the fence, and so are all calls after it: no element
///    is moved too early, whichever call moves it.
/// 3. Lock order: this lock, then that of the output. The lock is not held while the multiplexer's thread is called, since that may have
///    to wait for it.
/// 4. A frame is applied where it is read only if the actor of the link has handled all frames before it, and none of its messages
///    that CAF has delivered in between is left: the first frame behind such a message goes to the actor, behind it in its mailbox.
class frame_channel {
public:
  using bytes = std::vector<std::byte>;
  /// Lets the thread of CAF's multiplexer call `pull`. If `behind` holds, after all that CAF has been given for this node until now.
  using waker = std::function<void(bool behind)>;
  /// How urgent a frame is.
  enum class pace : std::uint8_t {
    at_once, ///< this thread writes it, if nothing waits; takes about 10 us
    soon,    ///< the multiplexer's thread does
  };

  /// What the handlers get comes in the thread of CAF's multiplexer: the frames of one scope in the order in which they were
  /// sent; those of other scopes pass large ones, and heartbeats pass everything.
  struct handlers {
    /// Passes a frame on to the actor of the link.
    std::function<void(std::string bytes, std::vector<member> handles)> frame;
    std::function<void(std::string bytes)> heartbeat;
    /// Applies a small frame itself, in an open deferral, and says whether it is well-formed; nothing if it cannot now. It must not
    /// wait, and calls no code of the application. May be empty.
    std::function<std::optional<bool>(const registry::frame& content)> apply = {};
  };

  /// What the threads do before they sleep that frames of any connection have woken.
  struct polls {
    frame_pause_ptr frames;
    wake_poll_ptr wakes;
  };

  /// With CAF's broker of connections, and its name of the other node, as text.
  frame_channel(caf::actor_system& system, caf::actor broker, const std::string& peer, polls before_sleep, handlers on);

  ///@{
  /// False if the connection has ended, or CAF has closed it in favour of another one.
  bool send(const frame& content, pace how = pace::soon);
  bool send_heartbeat(std::span<const std::byte> content);
  ///@}
  /// Keeps what is sent from now on behind the messages that CAF has been given for this node before.
  void fence();

  // The actor of the link calls these.
  ///@{
  /// From now on, and until then, small frames may be applied where they are read. Before and after, the actor gets all.
  void begin_applying() noexcept { applies_ = true; }
  void stop_applying() noexcept { applies_ = false; }
  ///@}
  /// The actor has handled a frame of this size.
  void frame_handled(std::size_t bytes);

  // The connection calls these, in the thread of CAF's multiplexer.
  /// From now on these are called, in any thread: `wake` once for each `pull` that is needed, `resume` once after each `is_full` that
  /// held, when that is over.
  void open(std::shared_ptr<link_output> output, waker wake, std::function<void()> resume);
  /// Afterwards no thread is writing to the output, or is going to.
  void close();
  /// Closes it, and has destroyed what its frames have left.
  void disconnect();
  /// Moves what waits to the output, which then has to be written.
  void pull();
  /// Frames follow that have been read at a time. Of these only some are applied at once, so that other connections get their turn.
  void begin_turn() noexcept { applied_ = 0; }
  /// Whether more has been read than the actor of the link keeps up with, so that the peer has to wait.
  [[nodiscard]] bool is_full();
  /// A literal that says what is wrong with it, or null.
  const char* received_frame(std::span<const std::byte> content, const basp_limits& limits);
  void received_heartbeat(std::span<const std::byte> content);
  /// CAF has been given a message for the actor of the link, which later frames must not overtake.
  void received_message() noexcept { is_behind_message_ = true; }

  /// How many actors of the other node, and of others that its frames have named, CAF knows here.
  [[nodiscard]] std::size_t known_actors() const;

private:
  struct outgoing {
    struct record {
      std::uint64_t stream = 0; // see `record_writer`: one for each scope
      bytes content;
    };
    std::vector<record> frames;
    std::vector<bytes> heartbeats;
  };
  std::optional<bool> apply(frame& content);
  std::vector<member> handles_of(const frame_record& about, const std::vector<caf::node_id>& thirds);
  template <class Record>
  bool push(std::unique_lock<std::mutex> guard, Record what, std::vector<Record> outgoing::* queue);

  caf::actor_system& system_;
  const caf::actor broker_;
  caf::node_id peer_;
  const polls polls_;
  const handlers on_;
  std::set<caf::node_id> thirds_;  // of CAF's multiplexer
  bool is_behind_message_ = false; // likewise
  std::size_t applied_ = 0;        // likewise, in this turn
  std::atomic<bool> applies_{false};
  std::atomic<std::size_t> with_actor_{0}; // frames
  std::atomic<std::size_t> bytes_with_actor_{0};
  std::atomic<bool> is_full_{false}; // and `resume_` is to be called

  std::mutex lock_;
  std::deque<outgoing> waiting_; // one for each call of `wake_` under way
  bool is_fenced_ = false;       // what comes next needs a call of its own
  std::shared_ptr<link_output> output_;
  std::shared_ptr<const waker> wake_; // null: closed
  std::shared_ptr<const std::function<void()>> resume_;
};

} // namespace registry::inline v0_2::internal
