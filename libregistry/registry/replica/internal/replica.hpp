#pragma once

#include <registry/replica/internal/host.hpp>
#include <registry/replica/options.hpp>
#include <registry/wire/internal/frame.hpp>
#include <registry/wire/internal/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// Whether handles received from a peer earlier still work. CAF's proxies die with their connection.
enum class handle_state : std::uint8_t { kept, lost };

/// One scope of this node among the same scopes of the other nodes: sends local entries to every peer and stores the entries
/// that peers send. One per open scope. Deterministic: no clock, no I/O, no randomness. Not thread-safe; the owner
/// serialises.
///
/// Every node writes its own entries only. Its changes since it opened the scope form its *stream*, named by its incarnation
/// and the epoch; the place in a stream is a commit number of its owner.
///
/// 1. Nothing is sent before a receiver requests it: its `hello` carries a token and the place it has reached. Content
///    carries that token and the number of the answer; a receiver ignores content with any token but its latest for that
///    peer, and of the answers to it all but the latest. Tokens and numbers only grow. So late content (frames of a lost
///    link, of an abandoned stream, of a closed scope) is ignored.
/// 2. A delta contains all changes after commit `previous` up to its last one. It applies if the receiver's place is
///    `previous` or later; changes the receiver already has are skipped. Otherwise something is missing.
/// 3. A receiver that finds a gap or a digest that differs sends a request with a new token and no place: the sender answers
///    with a snapshot. There is no other repair.
/// 4. A snapshot is collected separately, and once its digest is verified it takes effect as a difference, in steps if it is
///    large. Until the last one, further content of that peer waits, unacknowledged, and so do other installs and purges.
/// 5. The sender keeps one journal of recent deltas for all peers, bounded in bytes, and per peer a place in it. A peer that
///    the journal no longer covers gets a snapshot. So a peer that does not read costs a place and at most one snapshot.
/// 6. Nothing is sent to a peer while a full window of unacknowledged bytes is in transit to it over its link, whichever requests
///    they answer; but for the first frame of an answer.
/// 7. Entries of a peer leave only by its deltas, by a snapshot, when it closes the scope, or when it is down. Losing the link
///    changes nothing but `reachable`; silence does not even interrupt the streams.
/// 8. An `entry::origin` identifies one stream, and is never reused: a peer that opens its scope again gets another one.
class replica {
public:
  /// A frame and its destination.
  struct outgoing {
    incarnation to;
    frame what;
  };

  /// `self` is this process; `epoch` (from 1) must be greater than that of any earlier replica of this scope in this
  /// process. The host's store must be the one that `committed` reports on, and its log must be observed from now on.
  replica(incarnation self, std::string scope, key_mode mode, std::uint64_t epoch, replica_host& host,
          replica_options options = {});
  ~replica();
  replica(const replica&) = delete;
  replica& operator=(const replica&) = delete;

  // -- input ----------------------------------------------------------------------------------------------------------------
  /// Takes a batch drained from the log of the store: every batch, in order. Events of changes by other nodes may be missing
  /// from it.
  void committed(const commit_log::batch& what);
  /// There is a new link to this peer. Everything about an earlier link is over. Set handles as lost if the connection
  /// through which they were received is gone: then everything is fetched again, which replaces them and produces events
  /// only for differences.
  void peer_up(const incarnation& peer, handle_state handles = handle_state::kept);
  /// The link is lost. The peer's entries stay, flagged unreachable; `peer_up` continues where the stream ended.
  void peer_unlinked(const incarnation& peer);
  /// The peer is silent, or is heard from again. Its entries are flagged unreachable meanwhile, and nothing else changes: data
  /// in transit may still arrive.
  void peer_suspect(const incarnation& peer);
  void peer_alive_again(const incarnation& peer);
  /// The peer is lost for good, or has left: its entries leave with this reason. It may come up again later.
  void peer_down(const incarnation& peer, reason why);
  /// Handles a frame of this scope from a peer. An error means that the peer violates the protocol (`errc::malformed`,
  /// `errc::limit_exceeded`): the link should be closed. Frames of unknown peers are ignored.
  result<void> receive(const incarnation& peer, const frame& what);
  /// The same for a frame that has already been decoded, which any thread may do at any time, outside the lock of the
  /// replica.
  struct incoming {
    envelope content;
    std::size_t cost = 0;
  };
  [[nodiscard]] static result<incoming> read(const frame& what);
  result<void> receive(const incarnation& peer, incoming&& what);
  /// Whether a peer has to be sent more than its window allows, or all entries: a frame from it may open the window, and cause much.
  [[nodiscard]] bool has_more_for(const incarnation& peer) const;
  /// Passes the time, from any monotonic clock. Call it about once a second.
  void tick(std::chrono::nanoseconds now);
  /// The scope is closed here: says goodbye to all peers. Only `send` may be called afterwards.
  void close();

  /// Does a part of the work that is left of large snapshots and purges: some thousands of entries. Returns whether there is
  /// more. Call it after other input, as soon and as often as is convenient; then `committed` and `send`.
  bool step();
  /// Whether there is work for `step`.
  [[nodiscard]] bool busy() const noexcept;

  // -- output ---------------------------------------------------------------------------------------------------------------
  /// Hands over all frames that can be sent now, in order per peer, each as soon as it is made, so that it is in transit
  /// while the next one is made. Call it after every input. Builds no more than the windows allow. `out` must not call the
  /// replica.
  using way_out = std::function<void(const incarnation& to, frame&& what)>;
  void send(const way_out& out);
  /// The same, all at once.
  [[nodiscard]] std::vector<outgoing> take_outgoing();

  // -- questions ------------------------------------------------------------------------------------------------------------
  /// The node that owns the entries of an origin; none if they have left. 0 is this process.
  [[nodiscard]] std::optional<incarnation> owner(std::uint32_t origin) const;
  /// Whether the owner is linked and not silent. Always true for 0.
  [[nodiscard]] bool reachable(std::uint32_t origin) const;
  /// The number of peers, linked or not.
  [[nodiscard]] std::size_t peer_count() const noexcept;
  /// Whether content of this peer has arrived completely once and nothing is known to be missing.
  [[nodiscard]] bool in_sync_with(const incarnation& peer) const;
  /// Whether the same holds for every linked peer that has the scope open in the same key mode. Very recent changes of a
  /// peer may still be in transit.
  [[nodiscard]] bool in_sync() const;
  /// The last commit taken from the log.
  [[nodiscard]] std::uint64_t last_commit() const noexcept;
  /// Whether every such peer has acknowledged all local changes up to this commit.
  [[nodiscard]] bool acknowledged(std::uint64_t commit) const;
  /// The place in the stream of this node that a peer has reached when it has all local changes that `committed` reported.
  [[nodiscard]] stream_place place() const noexcept;
  /// Whether a peer's changes up to a place in its stream are here, or nothing suggests that they will come: then the peer is
  /// unknown, does not have the scope open, or is not listened to.
  [[nodiscard]] bool has_reached(const incarnation& peer, const stream_place& place) const;
  /// Asks the peers to acknowledge at once instead of later.
  void request_acknowledgements();
  /// Counters since the replica was made.
  [[nodiscard]] const replica_statistics& statistics() const noexcept;

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// The reply of a node to a frame of a scope that is not open there; mostly none.
[[nodiscard]] std::optional<frame> answer_without_scope(const frame& what);

} // namespace registry::inline v0_2
