#pragma once

#include <registry/membership/internal/membership.hpp>
#include <registry/replica/internal/replica.hpp>
#include <registry/store/store.hpp>
#include <simulation/clock.hpp>
#include <simulation/message.hpp>
#include <simulation/observer.hpp>
#include <simulation/scope_content.hpp>
#include <simulation/tampering.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace registry::simulation {

/// The services that a node needs from outside.
class surroundings {
public:
  virtual ~surroundings() = default;
  virtual void dial(std::size_t node, const node_address& where, std::uint64_t number) = 0;
  virtual void send(link_id link, message what) = 0;
  virtual void close(link_id link) = 0;
  /// A link was closed before it was used.
  virtual void refuse(link_id link) = 0;
  /// Whether this process runs.
  [[nodiscard]] virtual bool lives(const incarnation& who) const = 0;
  /// When the last byte came over a link.
  virtual instant heard(link_id link) = 0;
  virtual void log(std::size_t node, const std::string& text) = 0;
};

/// One run of one node: membership and, per open scope, a store and a replica.
class node {
public:
  node(world& all, surroundings& outside, std::size_t index, const incarnation& self, const node_address& where,
       const node_clock& clock);

  void start(const std::vector<node_address>& seeds);
  void tick();
  void leave();
  void link_begun(link_id link, const link_info& info);
  void link_complete(link_id link);
  void link_down(link_id link, link_end how);
  void dial_failed(const node_address& where, dial_failure why);
  void receive(link_id link, const message& what);
  void straggler(const incarnation& from, const message& what);
  [[nodiscard]] std::optional<dial_failure> objection(const link_info& info);
  void dialler_refused(const node_address& who, dial_failure why);
  /// One random local operation.
  void operate();
  /// One actor joins a key in the first scope.
  void join_one();
  [[nodiscard]] std::size_t entry_count() const { return scopes_.front().content->content.entries().size(); }
  void open_scope(std::size_t scope);
  void close_scope(std::size_t scope);

  [[nodiscard]] membership& members() { return membership_; }
  /// That the scopes use to this peer, or 0.
  [[nodiscard]] link_id used_link(const incarnation& peer) const;
  [[nodiscard]] bool is_open(std::size_t scope) const { return scopes_[scope].content != nullptr; }
  /// Adds one text per entry, its canonical bytes: of those that are local, or of all.
  void describe(std::size_t scope, bool local_only, std::vector<std::string>& out) const;
  [[nodiscard]] std::string statistics() const;
  /// Replicas that have found a digest to differ.
  [[nodiscard]] std::uint64_t mismatches() const;
  /// How often all entries were sent to a peer, in all scopes.
  [[nodiscard]] std::uint64_t snapshots() const;
  [[nodiscard]] bool is_in_sync(std::size_t scope) const { return scopes_[scope].copy->in_sync(); }
  [[nodiscard]] std::size_t seed_count() const noexcept { return seeds_.size(); }
  /// Entries of a peer whose handles came over another connection than the present one.
  [[nodiscard]] std::size_t stale_handles(std::size_t scope) const;
  /// Whether the operator was told that another node has this node's address.
  [[nodiscard]] bool told_of_namesake() const noexcept { return told_of_namesake_; }
  /// When a peer was last suspected without having lost its link.
  [[nodiscard]] instant last_suspicion() const noexcept { return last_suspicion_; }

  const incarnation self;
  const node_address where;
  const node_clock clock;
  instant paused_until{};
  std::uint8_t version = 1;

private:
  struct open_scope_state {
    std::unique_ptr<scope_content> content;
    std::unique_ptr<observer> watch;
    std::unique_ptr<replica> copy;
    std::optional<tampering> tamper;
    std::vector<member> actors;
    std::set<incarnation> told;
    std::uint64_t epoch = 0;
  };

  void settle();
  bool act();
  bool drain(std::size_t scope);
  [[nodiscard]] instant now() const { return clock.read(all_.time.now()); }
  void handle(const membership_action& what);
  void begin_dial(const action::dial& x);
  void send_heartbeats(const action::send_heartbeats& x);
  void suspect(const incarnation& peer);
  void revive(const incarnation& peer);
  void tell_up(const incarnation& peer);
  void give_up(const action::peer_down& x);
  void warn(const std::string& text);
  void hand_over(const incarnation& from, const message& what);
  void check_resumption(const incarnation& to, const frame& what) const;
  [[nodiscard]] message as_received(link_id link, const message& what);

  world& all_;
  surroundings& outside_;
  std::size_t index_;
  membership membership_;
  std::map<link_id, incarnation> links_;
  std::map<incarnation, link_id> used_; // by scopes; some have ended
  /// Whether and through which link each handle can be used, if handles die with their connection.
  std::map<link_id, std::map<std::uint64_t, member>> proxies_;
  std::map<std::uint64_t, node_address> dials_; // under way
  /// Addresses whose dials end because there is a link already: how often in a row, and when the last one did.
  struct refusals {
    unsigned times = 0;
    instant last{};
  };
  std::map<node_address, refusals> duplicates_;
  ///@{
  /// Since the last input: heard again over the same link; linked anew.
  std::set<incarnation> resumed_;
  std::set<incarnation> relinked_;
  ///@}
  bool told_of_namesake_ = false;
  instant last_suspicion_{};
  std::set<incarnation> misjudged_; // taken for down because they refused a dial, and alive
  std::vector<node_address> seeds_;
  std::set<node_address> shunned_; // by mutants
  std::vector<open_scope_state> scopes_;
  std::uint64_t ticks_ = 0;
};

} // namespace registry::simulation
