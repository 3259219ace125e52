#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace registry::inline v0_2 {

/// Bounds of the replication of one scope. The defaults suit a production node; tests make them small.
struct replica_options {
  /// The most unacknowledged bytes that may be under way to one peer.
  std::size_t window = std::size_t{1} << 20;
  /// The number of received bytes after which an acknowledgement is sent at once; below it waits for the next tick. Should
  /// be a fraction of the peers' window.
  std::size_t acknowledge_after = std::size_t{32} << 10;
  /// The approximate size of a frame, in bytes. One change of one key is never split.
  std::size_t frame_size = std::size_t{256} << 10;
  /// The bytes of changes that the journal keeps for peers that lag or come back. For the latter each actor in it counts as
  /// a kilobyte, since it stays in memory meanwhile, terminated or not.
  std::size_t journal_bytes = std::size_t{8} << 20;
  ///@{
  /// The largest snapshot accepted from a peer, in entries and in bytes. A peer with more is refused, with a warning.
  std::size_t snapshot_entries = 50'000'000;
  std::size_t snapshot_bytes = std::size_t{4} << 30;
  ///@}
  /// A snapshot or purge of no more entries is carried out at once; a larger one in steps, between which other changes come.
  std::size_t immediate_entries = 4096;
  /// The time between two comparisons of digests with a peer.
  std::chrono::nanoseconds digest_interval = std::chrono::seconds{5};
  /// The time after which an unanswered request for content is repeated, and for which a second repair by snapshot waits. It
  /// doubles each time, up to 32 times its length.
  std::chrono::nanoseconds retry_interval = std::chrono::seconds{2};
  /// A snapshot is abandoned when its peer acknowledges nothing for this time and the journal no longer covers the peer.
  std::chrono::nanoseconds stall_after = std::chrono::seconds{4};
};

/// Counters of the replication of one scope, since it was opened.
struct replica_statistics {
  std::uint64_t snapshots_sent = 0;      ///< begun, finished or not
  std::uint64_t snapshots_given_up = 0;  ///< because the peer did not read
  std::uint64_t snapshots_installed = 0; ///< received and applied
  std::uint64_t deltas_sent = 0;         ///< frames of changes, to all peers
  std::uint64_t deltas_applied = 0;      ///< frames of changes, from all peers
  std::uint64_t resumes = 0;             ///< streams continued without a snapshot
  std::uint64_t overflows = 0;           ///< peers that the journal no longer covered
  std::uint64_t gaps = 0;                ///< streams with a commit missing
  std::uint64_t mismatches = 0;          ///< digests that differed
  std::uint64_t stale = 0;               ///< frames ignored because their stream or snapshot was over
};

} // namespace registry::inline v0_2
