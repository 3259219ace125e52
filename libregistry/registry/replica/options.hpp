#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace registry {

/// Bounds of a `replica`. The defaults suit a production node; tests make them small.
struct replica_options {
  /// How many unacknowledged bytes (`frame::cost`) may be under way to one peer.
  std::size_t window = std::size_t{1} << 20;
  /// After how many received bytes an acknowledgement is sent at once; below that it waits for `tick`. Should be a fraction of
  /// the peers' window.
  std::size_t acknowledge_after = std::size_t{32} << 10;
  /// About how large a frame is made. One change of one key is never split.
  std::size_t frame_size = std::size_t{256} << 10;
  /// How much the journal keeps for peers that lag or come back. For the latter a kilobyte of it counts for each actor that it
  /// names, since those stay in memory meanwhile, terminated or not.
  std::size_t journal_bytes = std::size_t{8} << 20;
  /// The largest snapshot accepted from a peer, in entries and in bytes. A peer with more is refused, with a warning.
  std::size_t snapshot_entries = 50'000'000;
  std::size_t snapshot_bytes = std::size_t{4} << 30;
  /// How often digests are compared.
  std::chrono::nanoseconds digest_interval = std::chrono::seconds{5};
  /// When a request for content that nobody answers is repeated, and for how long a second repair by snapshot waits. Doubles
  /// up to 32 times.
  std::chrono::nanoseconds retry_interval = std::chrono::seconds{2};
  /// A peer that acknowledges nothing for so long while a snapshot waits, and whose place the journal has left, loses the snapshot.
  std::chrono::nanoseconds stall_after = std::chrono::seconds{4};
};

/// What a `replica` has done since its beginning.
struct replica_statistics {
  std::uint64_t snapshots_sent = 0;      ///< begun
  std::uint64_t snapshots_given_up = 0;  ///< because the peer did not read
  std::uint64_t snapshots_installed = 0; ///< received and applied
  std::uint64_t deltas_sent = 0;
  std::uint64_t deltas_applied = 0;
  std::uint64_t resumes = 0;    ///< streams continued without a snapshot
  std::uint64_t overflows = 0;  ///< peers that the journal no longer covered
  std::uint64_t gaps = 0;       ///< streams in which something was missing
  std::uint64_t mismatches = 0; ///< digests that differed
  std::uint64_t stale = 0;      ///< frames ignored because they belonged to something that is over
};

} // namespace registry
