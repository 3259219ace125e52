#pragma once

#include <registry/caf/internal/middleman.hpp>
#include <registry/link/internal/link_service.hpp>
#include <registry/log/internal/log_limit.hpp>
#include <registry/membership/internal/membership.hpp>
#include <registry/membership/internal/peer_clocks.hpp>
#include <registry/node/cluster_options.hpp>
#include <registry/node/internal/incoming_frames.hpp>
#include <registry/node/internal/routes.hpp>
#include <registry/node/internal/seed_watch.hpp>
#include <registry/node/peer_status.hpp>
#include <registry/scope/internal/open_scopes.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

/// A link while it exists.
struct mesh_link {
  mesh_link(link_id number, link_info found_out, std::string peer_node, std::uint8_t spoken)
      : id(number), info(std::move(found_out)), node_id(std::move(peer_node)), version(spoken) {}

  const link_id id;
  const link_info info;
  /// CAF's id of the peer, as text.
  const std::string node_id;
  /// Of the protocol.
  const std::uint8_t version;
  /// As the log calls the peer.
  const std::string label = label_of(info.peer, info.peer_address, info.peer_name);
};

/// A node's part in a cluster: its membership, the links, and their effects on its scopes.
///
/// The life of a link: a handshake on a raw socket (`link_service`); the membership takes it, or has it closed; its actor
/// hands the socket to CAF and greets the actor at the other end; it is complete and carries frames; it is lost or closed.
///
/// 1. Everything here is under `lock_`, except that frames pass straight to their scope, from CAF's thread or a link's actor.
/// 2. Decisions of the membership are carried out in order, under the lock, so all scopes see the same history of every
///    peer.
/// 3. Lock order: this lock, then those of the scopes. No caller holds the lock of a scope.
/// 4. Links are kept until they are lost or closed; each has one actor, which ends with it.
/// 5. A closed link's socket is shut down at once, which CAF, and then the other end, notices.
class mesh final : private link_observer, public std::enable_shared_from_this<mesh> {
public:
  /// Listens and starts to dial. Errors: `invalid_argument` with the offending option, or the reason why the address is
  /// unavailable.
  static result<std::shared_ptr<mesh>> start(caf::actor_system& system, const cluster_options& options,
                                             std::shared_ptr<open_scopes> scopes);
  mesh(caf::actor_system& system, const cluster_options& options, std::shared_ptr<open_scopes> scopes);
  ~mesh() override;

  // -- the scopes of this node ------------------------------------------------------------------------------------------------
  /// What a new scope needs to share its entries with those of other nodes.
  [[nodiscard]] replication_options replication_of_new_scope();
  /// Announces a scope to the peers, unless there is one of its name.
  bool add(const std::shared_ptr<scope_state>& opened);

  // -- reports of link actors --------------------------------------------------------------------------------------------
  void link_ready(link_id link, link_way way);
  /// `why` is for the operator.
  void link_lost(link_id link, std::string why);
  void heartbeat_received(mesh_link& link, const heartbeat& content);
  /// What leads frames to their scopes.
  [[nodiscard]] const std::shared_ptr<const incoming_frames>& frames() const noexcept { return frames_; }
  /// Passes on a message to members here, when the changes before it are here. False if it has to wait for them.
  bool message_received(mesh_link& link, std::string_view scope, const stream_place& after, held_messages::delivery what);

  /// CAF has a connection to the peer already, and the link cannot share it.
  void report_conflict(const mesh_link& link);

  /// Call it every `tick_interval`.
  void tick();
  static constexpr std::chrono::milliseconds tick_interval{100};

  /// Says goodbye on all links, those that are being made as well, and waits a limited time until all peers have taken note. Then ends
  /// all links and their actors. Idempotent.
  void stop();

  // -- joining ----------------------------------------------------------------------------------------------------------------
  /// Success if every seed that responds is linked and the open scopes are in sync, see `node::wait_joined`; otherwise its
  /// errors.
  [[nodiscard]] result<void> joined();
  /// Calls `done` once, on any thread: as soon as that is the case, or with `scope_closed`. Returns the number to end the
  /// wait with.
  std::uint64_t await_joined(std::function<void(const result<void>&)> done);
  void end_await_joined(std::uint64_t number);
  /// Notifies waiting callers. Call it every `tick_interval`, under no lock.
  void tell_joined();

  // -- questions --------------------------------------------------------------------------------------------------------------
  [[nodiscard]] const incarnation& self() const noexcept { return self_; }
  /// The address at which others reach this node.
  [[nodiscard]] const node_address& address() const noexcept { return address_; }
  [[nodiscard]] std::vector<peer_status> peers() const;
  [[nodiscard]] caf::actor_system& system() const noexcept { return system_; }
  [[nodiscard]] const internal::middleman& middleman() const noexcept { return middleman_; }
  [[nodiscard]] std::chrono::milliseconds link_timeout() const noexcept { return options_.handshake_timeout; }
  [[nodiscard]] const cluster_options& options() const noexcept { return options_; }

private:
  struct open_link {
    std::shared_ptr<mesh_link> shared;
    owned_socket socket; // a second descriptor, to look at the connection and to shut it down
    caf::actor actor;
    link_way way;           // leads nowhere until it is complete
    bool announced = false; // to the scopes
  };

  // The link service calls these.
  std::optional<dial_failure> objection(const link_info& info, std::string_view node_id) override;
  void established(established_link x) override;
  void dial_failed(const node_address& where, dial_failure why, std::string detail) override;
  void dialler_refused(const node_address& who, dial_failure why, std::string detail) override;

  // Under the lock.
  [[nodiscard]] instant now() const;
  [[nodiscard]] wall_time wall_clock() const;
  [[nodiscard]] std::optional<dial_failure> object(const link_info& info, std::string_view node_id);
  [[nodiscard]] bool is_taken(std::string_view node_id, const incarnation& peer) const;
  [[nodiscard]] std::vector<peer_status> linked_peers() const;
  void act();
  void look_for_open_ports();
  void note_plain_link(const link_info& info);
  template <class Function>
  void for_each_scope(Function&& what) {
    auto scopes = scopes_->all();
    for (const auto& scope : scopes)
      what(*scope);
    internal::deferral::keep(std::move(scopes)); // one of them may have been closed meanwhile
  }
  void carry_out(const membership_action& what);
  void send_heartbeats(const action::send_heartbeats& what);
  void announce(link_id link);
  void close(link_id link);
  void end(std::map<link_id, open_link>::iterator link);
  open_link forget(std::map<link_id, open_link>::iterator link);

  caf::actor_system& system_;
  const cluster_options options_;
  const incarnation self_;
  const std::string node_id_;
  const std::shared_ptr<open_scopes> scopes_;
  const std::shared_ptr<routes> routes_ = std::make_shared<routes>();
  const std::shared_ptr<const incoming_frames> frames_;
  const internal::middleman middleman_;
  std::atomic<std::uint64_t> last_epoch_{0};
  node_address address_;
  std::unique_ptr<link_service> service_;

  mutable std::mutex lock_;
  std::condition_variable links_changed_;
  std::optional<membership> membership_;
  std::optional<seed_watch> seeds_;
  peer_clocks clocks_;
  std::string why_lost_; // the link that was lost last
  std::map<link_id, open_link> links_;
  std::map<incarnation, link_id> used_;
  std::map<incarnation, instant> suspected_; // and since when
  std::vector<caf::actor> ended_;
  caf::actor clock_;
  link_id last_link_ = 0;
  std::uint64_t ticks_ = 0;
  /// Whether the operator has been told of ports of CAF; CAF's thread sets it.
  const std::shared_ptr<std::atomic<bool>> told_of_ports_ = std::make_shared<std::atomic<bool>>(false);
  bool stopped_ = false;

  internal::log_limit conflicts_;
  internal::log_limit plain_links_;

  std::mutex joins_lock_; // no other lock is taken after it
  std::map<std::uint64_t, std::function<void(const result<void>&)>> joins_;
  std::uint64_t last_join_ = 0;
};

} // namespace registry::inline v0_2
