#pragma once

#include <registry/membership/internal/link.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace registry::simulation {

class random_source;

/// What there is in a run beside partitions, breaks, pauses and crashes. Drawn from its seed: every run has some of it, and a
/// quarter of the runs nothing. Nothing of it ends when the network heals, but for rumours, corruption and moves.
struct conditions {
  // -- lines ---------------------------------------------------------------------------------------------------------------
  /// Bytes a second of the slowest; 0: no line takes time for bytes. Real lines and values, a thousand times smaller.
  std::uint64_t slowest_line = 0;
  /// Version 2 of the stream: what is large goes in pieces, and heartbeats pass between them.
  bool heartbeats_pass = false;
  std::size_t piece = 512;
  /// Applications send over the same connections.
  bool bulk = false;
  /// The size of some values; 0: all are small.
  std::size_t large_value = 0;
  /// Bytes change under way, which ends the link.
  bool corruption = false;
  /// The handles from a connection are of no use after it.
  bool dying_handles = false;

  // -- addresses -----------------------------------------------------------------------------------------------------------
  /// Some nodes can dial and not be dialled, by all or by some.
  bool one_way = false;
  /// Firewalls, and the places that nodes have left, refuse diallers instead of keeping silent.
  bool refusing = true;
  /// An address leads to another node at each dial, also to the dialler; with `only_balancer` it is the only seed.
  bool balancer = false;
  bool only_balancer = false;
  bool balancer_in_turn = false;
  /// The last node advertises the address of the first.
  bool shared_address = false;
  /// A node that starts again has another address, perhaps one that another node has left.
  bool moves = false;
  /// Seeds are names, which have to be looked up; that takes time, and fails now and then.
  bool names = false;
  /// How long a name leads to where a node was before.
  instant stale_names{};

  // -- nodes ---------------------------------------------------------------------------------------------------------------
  /// How many dials may be under way, and how long one takes in which nobody answers.
  std::size_t max_dials = 32;
  instant dial_timeout = std::chrono::seconds{1};
  /// A node names others that do not exist.
  bool rumours = false;
  instant forget_after = std::chrono::hours{24};
  /// By how much the clocks of nodes may run fast or slow, in thousandths.
  std::int64_t drift = 0;

  static conditions draw(random_source& random, std::size_t nodes);
  /// The names of what there is, for a trace.
  [[nodiscard]] std::string describe() const;
};

} // namespace registry::simulation
