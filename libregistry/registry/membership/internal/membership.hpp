#pragma once

#include <registry/membership/internal/action.hpp>
#include <registry/membership/internal/dial_plan.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace registry::inline v0_2 {

/// The configuration of a `membership`.
struct membership_options {
  incarnation self;
  /// The address of this node, as announced to the others.
  node_address advertised;
  std::chrono::nanoseconds heartbeat_interval = std::chrono::milliseconds{500};
  /// How long a peer may be silent before it is suspected, and before it is down.
  std::chrono::nanoseconds suspect_after = std::chrono::seconds{2};
  std::chrono::nanoseconds down_after = std::chrono::seconds{8};
  /// The interval between calls of `tick`, and how late a call may be before this node considers itself starved.
  std::chrono::nanoseconds tick_interval = std::chrono::milliseconds{100};
  std::chrono::nanoseconds starved_after = std::chrono::milliseconds{500};
  /// How long the greater incarnation of a pair waits for the smaller one to dial.
  std::chrono::nanoseconds dial_patience = std::chrono::milliseconds{500};
  /// How long the smaller incarnation refuses the dial of the greater one in favour of its own that is in progress.
  std::chrono::nanoseconds crossing_patience = std::chrono::milliseconds{250};
  backoff_options backoff;
  /// About how often a seed is asked again behind whose address this node or a linked one has answered, while there are links: it may be
  /// an address for several nodes.
  std::chrono::nanoseconds seed_interval = std::chrono::seconds{30};
  /// How many dials may be under way; nodes that were linked before leave a quarter of them to those only heard of.
  std::size_t max_dials = 32;
  /// How long a node without a link is remembered, with its address, and dialled. Seeds are never forgotten.
  std::chrono::nanoseconds forget_after = std::chrono::hours{24};
  /// The maximum number of known nodes.
  std::size_t max_known = 4096;
  /// Of the jitter.
  std::uint64_t seed = 0;
};

/// Which nodes exist, which of them are alive, and which node dials. Deterministic, without I/O and clock; not thread-safe.
///
/// 1. A peer has at most one link, which begins with a handshake, and is complete when both ends can send over it. Of two,
///    both ends keep the same one: the one that the smaller incarnation dialled, and of one dialler's the later dial. A link
///    that has been silent for two heartbeats yields to any other.
/// 2. `peer_up` and `peer_down` of an incarnation alternate, beginning with `peer_up`; between them `peer_suspect` and
///    `peer_alive_again` alternate.
/// 3. A peer has a link while it is alive. A suspect may have none. `use_link` begins the use of a link, which is complete then; another
///    one, `lose_link` or `peer_down` ends it. Nothing is said of a peer whose only link ends before it is complete: it may be leaving,
///    and cannot say so yet.
/// 4. A peer goes down only after `down_after` without a sign of life, or when it lost its link and refuses another, when
///    another incarnation answers at its address, or when it says that it leaves. A refusal counts once of a node that then links
///    itself: it can dial and not be dialled.
/// 5. Time in which this node did not run does not count as silence.
/// 6. An incarnation that left never comes back.
/// 7. There is at most one dial in progress to an address; every dial ends with a link or a failure.
/// 8. At most `max_dials` are in progress; the one that has been due longest comes next.
/// 9. A node is passed on only by nodes that have a link to it: lost nodes are not spread.
class membership {
public:
  explicit membership(membership_options options);

  // -- inputs; `now` never goes back, and all may be followed by actions -------------------------------------------------
  void start(const std::vector<node_address>& seeds, instant now);
  /// A handshake succeeded. The link may be refused with `action::close`.
  void link_begun(link_id link, const link_info& info, instant now);
  /// Both ends can send over the link, or this one has seen that the other can.
  void link_complete(link_id link, instant now);
  /// `detail` goes into the warning, if links with the peer end again and again before they are complete.
  void link_down(link_id link, link_end how, instant now, std::string_view detail = {});
  /// `detail` goes into the warning, if any: it says what differs.
  void dial_failed(const node_address& where, dial_failure why, instant now, std::string_view detail = {});
  /// This node turned a dialler away. Warns once per dialler and reason, then once a minute with the number of times. Strangers, who
  /// have no port since they have proved nothing, take up most of the lines of a minute and not all.
  void dialler_refused(const node_address& who, dial_failure why, instant now, std::string_view detail = {});
  void heartbeat_received(link_id link, const heartbeat& content, instant now);
  /// Bytes arrived over the link at `when`. They are a sign of life, too: a heartbeat may wait behind bulk traffic.
  void heard(link_id link, instant when);
  void tick(instant now);
  /// Says goodbye on all links, and on those that are not complete yet once they are. The peers close them. No further peer is
  /// reported.
  void leave();

  /// The actions to perform, in order.
  [[nodiscard]] std::vector<membership_action> take_actions();

  // -- questions ------------------------------------------------------------------------------------------------------------
  /// Whether a handshake that has come this far should be aborted, and why: for the reasons that `link_begun` would refuse, and
  /// for dials that cross one of ours which should win. The call is optional; it spares both ends a link that would be
  /// closed at once.
  /// one of ours which should win. Asking is optional; it spares both ends a link that would be closed at once.
  [[nodiscard]] std::optional<dial_failure> objection(const link_info& info, instant now);
  enum class peer_state : std::uint8_t { unknown, known, alive, suspect, down, left };
  [[nodiscard]] peer_state state_of(const incarnation& who) const;
  /// The link of a peer, or 0.
  [[nodiscard]] link_id link_of(const incarnation& who) const;
  [[nodiscard]] bool leaving() const noexcept { return leaving_; }
  /// The peers that are alive or suspect.
  [[nodiscard]] std::vector<known_node> present() const;
  /// The links that nothing is known to have come over for a heartbeat's time: look whether something has, see `heard`.
  [[nodiscard]] std::vector<link_id> quiet_links(instant now) const;
  /// What the operator of a node calls it; empty if that is unknown.
  [[nodiscard]] std::string name_of(const incarnation& who) const;
  /// As the log calls a node: `label_of` with what is known of it.
  [[nodiscard]] std::string label_of(const incarnation& who) const;
  /// The number of addresses that are remembered as places to dial.
  [[nodiscard]] std::size_t dialled_addresses() const noexcept { return plan_.size(); }

private:
  struct peer {
    node_address where;
    std::string name;
    peer_state state = peer_state::known;
    /// Whether another node answers at its address: then dialling is pointless.
    bool replaced = false;
    ///@{
    /// Whether a dial to it was refused since its last link; and whether it has linked all the same, so that it cannot be dialled
    /// (by this node at least) and a refusal says nothing.
    bool refused = false;
    bool undialable = false;
    ///@}
    link_id link = 0;
    link_info info;          // of the link
    bool complete = false;   // the link
    bool in_use = false;     // a link: by `use_link`
    unsigned unfinished = 0; // links in a row that have ended before they were complete
    instant linked_at{};
    /// The last sign of life, or when the node was first heard of.
    instant heard{};
    instant dial_from{};
  };
  using peers = std::unordered_map<incarnation, peer, incarnation_hash>;

  bool prefers_new(const peer& who, const link_info& added, instant now) const;
  void adopt(peers::value_type& x, link_id link, const link_info& info, instant now);
  void supplant(const incarnation& by, const node_address& where, bool answered);
  void unlink(peer& x);
  void go_down(peers::value_type& x, down_reason why);
  void say_goodbye(std::vector<link_id> links);
  void show_life(peers::value_type& x, instant when);
  void learn(const known_node& node, instant now);
  peers::value_type* find_or_add(const incarnation& who, instant now);
  bool make_room();
  [[nodiscard]] bool is_heard(const peer& x, instant now) const;
  void note_claim(const incarnation& who, instant now);
  void warn_of_shared_addresses(instant now);
  void excuse_own_lateness(instant now);
  void judge_silence(instant now);
  void send_heartbeats();
  void dial_due(instant now);
  [[nodiscard]] bool is_wanted(const node_address& seed, instant now) const;
  bool is_linked_at(const node_address& where) const;
  void forget_old(instant now);
  void tell_number_of_refusals(instant now);
  void warn(std::string_view what, const node_address& where, dial_failure why, std::string_view detail);

  membership_options options_;
  std::vector<node_address> seeds_;
  peers peers_;
  std::unordered_map<link_id, peers::value_type*> links_;
  std::map<node_address, std::size_t> linked_at_; // the number of links to nodes that listen there
  dial_plan plan_;
  struct refusals {
    struct line {
      instant told;
      std::size_t again = 0; ///< refusals since the last line about them
    };
    std::map<std::pair<node_address, dial_failure>, line> told;
    instant interval_begins{};
    std::size_t in_interval = 0; ///< warnings
    std::size_t untold = 0;      ///< since the last warning of their number
  };
  refusals refusals_;
  /// Since when an address is that of several links, and since when another node is said to have ours; nothing if that was told.
  std::map<node_address, std::optional<instant>> shared_;
  std::map<incarnation, std::optional<instant>> claims_;
  std::optional<instant> last_tick_;
  instant next_heartbeat_{};
  instant next_forgetting_{};
  incarnation last_named_;         // where the next heartbeat continues to name peers
  std::size_t rounds_of_news_ = 0; // the number of further heartbeats that name as many peers as they can
  bool leaving_ = false;
  std::vector<membership_action> actions_;
};

} // namespace registry::inline v0_2
