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

namespace registry {

/// Whether handles received from a peer earlier still work. CAF's proxies die with their connection.
enum class handle_state : std::uint8_t { kept, lost };

/// One scope of this node among the same scopes of the other nodes: sends what is joined here to every peer and keeps what
/// they send. One per open scope. Deterministic: no clock, no I/O, no randomness. Not thread-safe; the owner serialises.
///
/// Every node writes its own entries only. What it has written since it opened the scope is its *stream*, named by its
/// incarnation and the epoch; the place in a stream is a commit number of its owner.
///
/// 1. Nothing moves before a receiver asks: its `hello` brings a token and the place it has reached. Content carries that
///    token and the number of the answer, and a receiver ignores content with any token but its latest for that peer, and of
///    answers to it all but the latest. Tokens and numbers only grow. So whatever is late (frames of a lost link, of a stream
///    that was given up, of a closed scope) is ignored.
/// 2. A delta says: of the changes after commit `previous` up to its last one, these are all. It applies if the receiver's
///    place is `previous` or later; changes it already has are skipped. Otherwise something is missing.
/// 3. A receiver that misses something, or finds that a digest differs, asks anew with a new token and no place: the sender
///    answers with a snapshot. There is no other repair.
/// 4. A snapshot is collected aside and takes effect in one step, as a difference, when its digest is right.
/// 5. The sender keeps one journal of recent deltas for all peers, bounded in bytes, and per peer a place in it. A peer that is
///    no longer covered by the journal gets a snapshot. So a peer that does not read costs a place and at most one snapshot.
/// 6. Nothing is sent to a peer while a window of unacknowledged bytes is under way to it.
/// 7. Entries of a peer leave only by its deltas, by a snapshot, when it closes the scope, or when it is down. Losing the link
///    changes nothing but `reachable`; silence does not even interrupt the streams.
/// 8. An `entry::origin` names one stream: a peer that opens its scope again gets another one. It is never used again.
class replica {
public:
  /// A frame and the node it is for.
  struct outgoing {
    incarnation to;
    frame what;
  };

  /// `self` is this process; `epoch` (from 1) must be greater than that of any earlier replica of this scope in this process.
  /// The host's store must be the one that `committed` is about, and its log must be observed from now on.
  replica(incarnation self, std::string scope, key_mode mode, std::uint64_t epoch, replica_host& host,
          replica_options options = {});
  ~replica();
  replica(const replica&) = delete;
  replica& operator=(const replica&) = delete;

  // -- input ----------------------------------------------------------------------------------------------------------------
  /// What was drained from the log of the store: every batch, in order. Events of what other nodes have changed need not be
  /// among it.
  void committed(const commit_log::batch& what);
  /// There is a new link to this peer. Everything of an earlier link is over. Say that handles were lost if the connection
  /// that they were received through is gone: then all is fetched again, which replaces them and gives events only for what
  /// has changed.
  void peer_up(const incarnation& peer, handle_state handles = handle_state::kept);
  /// The link is lost. The peer's entries stay, flagged unreachable; `peer_up` continues where the stream ended.
  void peer_unlinked(const incarnation& peer);
  /// The peer is silent, and is no longer. Its entries are flagged unreachable meanwhile, and nothing else changes: what is under
  /// way may arrive yet.
  void peer_suspect(const incarnation& peer);
  void peer_alive_again(const incarnation& peer);
  /// The peer is lost for good, or left: its entries leave with this reason. It may come up again later.
  void peer_down(const incarnation& peer, reason why);
  /// A frame of this scope from a peer. An error means that the peer does not keep to the protocol (`errc::malformed`,
  /// `errc::limit_exceeded`): the link should be closed. Frames of peers that are not known are ignored.
  result<void> receive(const incarnation& peer, const frame& what);
  /// A frame that was read before, which any thread may do at any time, so that it need not happen where the replica is guarded.
  struct incoming {
    envelope content;
    std::size_t cost = 0;
  };
  [[nodiscard]] static result<incoming> read(const frame& what);
  result<void> receive(const incarnation& peer, incoming&& what);
  /// The time, in any unit-consistent clock that does not go back. Call it about once a second.
  void tick(std::chrono::nanoseconds now);
  /// The scope is closed here: says goodbye to all peers. Nothing but `send` may be called afterwards.
  void close();

  // -- output ---------------------------------------------------------------------------------------------------------------
  /// Hands over whatever can be sent now, in order per peer, each frame as soon as it is made, so that it is under way while the
  /// next one is made. Call it after every input. Builds no more than the windows allow. `out` must not call the replica.
  using way_out = std::function<void(const incarnation& to, frame&& what)>;
  void send(const way_out& out);
  /// The same, all at once.
  [[nodiscard]] std::vector<outgoing> take_outgoing();

  // -- questions ------------------------------------------------------------------------------------------------------------
  /// Who owns the entries of an origin; nobody if they have left. 0 is this process.
  [[nodiscard]] std::optional<incarnation> owner(std::uint32_t origin) const;
  /// Whether the owner is linked and not silent. Always true for 0.
  [[nodiscard]] bool reachable(std::uint32_t origin) const;
  /// How many peers there are, linked or not.
  [[nodiscard]] std::size_t peer_count() const noexcept;
  /// Whether content of this peer has arrived completely once and nothing is known to be missing.
  [[nodiscard]] bool in_sync_with(const incarnation& peer) const;
  /// Whether that is so of every linked peer that has the scope open in the same key mode. What a peer has joined a moment ago
  /// may be under way.
  [[nodiscard]] bool in_sync() const;
  /// The last commit that has been taken in.
  [[nodiscard]] std::uint64_t last_commit() const noexcept;
  /// Whether every such peer has acknowledged all that was joined here up to this commit.
  [[nodiscard]] bool acknowledged(std::uint64_t commit) const;
  /// Asks the peers to acknowledge at once what they would acknowledge by and by.
  void request_acknowledgements();
  /// What has happened since the beginning.
  [[nodiscard]] const replica_statistics& statistics() const noexcept;

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// What a node answers to a frame of a scope that it has not open; nothing to most.
[[nodiscard]] std::optional<frame> answer_without_scope(const frame& what);

} // namespace registry
