#include <registry/actor/tell.hpp>
#include <registry/caf/internal/broadcast.hpp>
#include <registry/compat/actor.hpp>
#include <registry/log/internal/log.hpp>
#include <registry/node/internal/incoming_message.hpp>
#include <registry/node/internal/link_actor.hpp>
#include <registry/node/internal/mesh.hpp>
#include <registry/node/internal/messages.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

namespace {

constexpr std::chrono::milliseconds hand_over_retry{10};
constexpr std::uint8_t version_with_records = 2;
/// How long CAF may take to release the connection of the link before this one.
constexpr std::chrono::milliseconds release_patience{1000};

class link_actor : public caf::event_based_actor {
public:
  link_actor(caf::actor_config& config, std::shared_ptr<mesh> home, std::shared_ptr<mesh_link> link,
             link_connection connection)
      : caf::event_based_actor(config), home_(std::move(home)), link_(std::move(link)), connection_(std::move(connection)) {
    compat::on_down(this, [this](caf::down_msg&) { lose("the connection has ended"); });
    compat::on_unexpected(this, [this] { note_unknown(); });
  }

  const char* name() const override { return "registry.link"; }

  void on_exit() override {
    connection_ = {};
    remote_ = nullptr;
    stop_applying();
    channel_ = nullptr;
    home_.reset();
  }

  caf::behavior make_behavior() override {
    compat::send_self_later(this, home_->link_timeout(), link_deadline{});
    begin();
    return {
        [this](const hand_over_step&) { begin(); },
        [this](const link_deadline&) {
          if (remote_ == nullptr)
            lose("CAF's handshake takes too long");
          else if (!ready_)
            lose("the peer does not answer");
        },
        [this](const link_greeting& x) { greeted(x); },
        [this](const link_welcome&) {
          if (!ready_)
            become_ready();
        },
        [this](const heartbeat_message& x) { heard(x); },
        [this](frame_message& x) { pass(x); },
        [](const fan_out_message& x) { internal::broadcast(x.members, x.content); },
        [this](ordered_fan_out_message& x) { pass_in_order(x); },
    };
  }

private:
  [[nodiscard]] bool is_dialler() const { return link_->info.dialled_by == home_->self(); }

  void begin() {
    home_->middleman().is_connected(this, link_->node_id, [this](bool connected) {
      if (!connected)
        return hand_over();
      if (++waits_ * hand_over_retry < std::min(release_patience, home_->link_timeout() / 2))
        return compat::send_self_later(this, hand_over_retry, hand_over_step{});
      share();
    });
  }

  /// CAF takes nothing but the handle from a second connection, and closes it; what is sent goes over the first. That is the
  /// application's and as plain as this link; an encrypted one must not.
  void share() {
    if (connection_.tls != nullptr) {
      home_->report_conflict(*link_);
      return lose("the application has a connection of CAF to that node");
    }
    is_shared_ = true;
    hand_over();
  }

  void hand_over() {
    auto stream = home_->middleman().stream(connection_.socket.release(), link_->node_id, as_member(this));
    stream.tls = std::move(connection_.tls);
    stream.peer = link_->label;
    stream.limits.message_bytes = home_->options().max_message;
    stream.memory = home_->options().max_waiting;
    if (version_ >= version_with_records)
      stream.channel = channel_ = open_channel();
    if (!is_dialler())
      return home_->middleman().accept(std::move(stream), as_member(this));
    home_->middleman().connect(
        this, std::move(stream), home_->link_timeout(), [this](const member& remote) { greet(remote); },
        [this](const caf::error& why) { lose(compat::render(system(), why)); });
  }

  std::shared_ptr<internal::frame_channel> open_channel() {
    const auto self = caf::actor_cast<caf::weak_actor_ptr>(as_member(this));
    return home_->middleman().channel(
        link_->node_id, {[self](std::string bytes, std::vector<member> handles) {
                           registry::tell(self.lock(), frame_message{std::move(bytes), std::move(handles)});
                         },
                         [self](std::string bytes) { registry::tell(self.lock(), heartbeat_message{std::move(bytes)}); },
                         [frames = home_->frames(), peer = link_->info.peer](const frame& content) {
                           return frames->receive_at_once(peer, content);
                         }});
  }

  void greet(const member& remote) {
    if (remote == nullptr)
      return lose("the peer's handshake named no actor");
    meet(remote);
    const auto& self = home_->self();
    compat::deliver(remote, caf::make_message(link_greeting{self.high, self.low, link_->info.dial}), as_member(this));
  }

  void greeted(const link_greeting& x) {
    if (ready_ || is_dialler() || incarnation{x.high, x.low} != link_->info.peer || x.dial != link_->info.dial)
      return internal::log_warning("ignored a greeting from {}: it belongs to another link", link_->label);
    meet(as_member(current_sender()));
    registry::tell(remote_, link_welcome{});
    become_ready();
  }

  void meet(const member& remote) {
    remote_ = remote;
    compat::monitor(remote_, as_member(this));
  }

  void become_ready() {
    ready_ = true;
    if (is_shared_) {
      channel_ = nullptr; // it belongs to the connection that CAF has closed
      internal::log_info(
          "the link with {} goes over the connection of CAF that the application has with that node, and ends with it",
          link_->label);
    }
    home_->link_ready(link_->id, {remote_, channel_, version_ >= version_with_records});
    if (channel_ != nullptr)
      channel_->begin_applying(); // now that the scopes know of the peer
  }

  void stop_applying() const {
    if (channel_ != nullptr)
      channel_->stop_applying();
  }

  void lose(const std::string& why) {
    if (std::exchange(lost_, true))
      return;
    stop_applying();
    internal::log_debug("link {} with {}: {}", link_->id, link_->label, why);
    home_->link_lost(link_->id, why);
    quit();
  }

  void violate(const std::string& what) {
    if (!lost_)
      internal::log_warning("the link with {} ends, since it violates the protocol: {}", link_->label, what);
    lose(what);
  }

  void heard(const heartbeat_message& x) {
    const auto content = decode_heartbeat(std::as_bytes(std::span{x.bytes}));
    if (!content)
      return violate("a malformed heartbeat: " + to_string(content.error()));
    home_->heartbeat_received(*link_, content.value());
  }

  void pass(frame_message& x) {
    // The acceptor is ready, and what it sends past CAF may come before its welcome.
    if (!ready_ && is_dialler() && remote_ != nullptr)
      become_ready();
    if (!ready_)
      return violate("a frame comes before the greeting");
    const auto bytes = std::as_bytes(std::span{x.bytes});
    if (!home_->frames()->receive(link_->info.peer, frame{{bytes.begin(), bytes.end()}, std::move(x.handles)}))
      return violate("a malformed frame");
    if (channel_ != nullptr)
      channel_->frame_handled(bytes.size());
  }

  void pass_in_order(ordered_fan_out_message& x) {
    const auto scope = std::move(x.scope);
    const auto message = std::make_shared<incoming_message>(x, waiting_);
    if (home_->message_received(*link_, scope, {x.epoch, x.commit}, [message] { message->deliver(); }))
      return;
    if (message->wait(system()) <= home_->options().max_waiting)
      return;
    internal::log_warning("the link with {} ends: more than {} bytes of messages wait here for changes before them",
                          link_->label, home_->options().max_waiting);
    lose("too many messages wait");
  }

  void note_unknown() {
    if (unknown_++ == 0)
      internal::log_warning(
          "{} sends messages of unknown types: all nodes must run the same version of CAF and know the same types",
          link_->label);
  }

  std::shared_ptr<mesh> home_;
  std::shared_ptr<mesh_link> link_;
  link_connection connection_; // until it is handed over
  const std::uint8_t version_ = connection_.version;
  member remote_;
  std::shared_ptr<internal::frame_channel> channel_; // of version 2
  std::int64_t waits_ = 0;                           // for CAF to release another connection
  bool is_shared_ = false;                           // the connection is the application's
  bool ready_ = false;
  bool lost_ = false;
  std::uint64_t unknown_ = 0;
  const incoming_message::total waiting_ = std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace

caf::actor spawn_link_actor(const std::shared_ptr<mesh>& home, const std::shared_ptr<mesh_link>& link,
                            link_connection connection) {
  return home->system().spawn<link_actor>(home, link, std::move(connection));
}

} // namespace registry::inline v0_2
