#pragma once

#include <registry/error/error.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace registry::inline v0_2 {

/// A node and the address it listens on.
struct known_node {
  incarnation who;
  node_address where;

  friend bool operator==(const known_node&, const known_node&) = default;
};

/// What a heartbeat says of wall clocks, in nanoseconds since 1970; see `peer_clocks`. From version 2 of the protocol on.
struct clock_stamp {
  std::chrono::nanoseconds sent{}; ///< when it was sent, by the sender's clock
  std::chrono::nanoseconds echo{}; ///< the last such time that came from the receiver; 0 if none has
  std::chrono::nanoseconds held{}; ///< how long ago that came

  /// None of them is negative or greater.
  static constexpr std::chrono::nanoseconds latest{std::int64_t{1} << 62U};

  friend bool operator==(const clock_stamp&, const clock_stamp&) = default;
};

/// The regular message of a node to each of its peers: a sign of life, and the names of some nodes it is linked with.
struct heartbeat {
  /// The maximum number of nodes in one heartbeat; in larger clusters the sender rotates through them.
  static constexpr std::size_t max_nodes = 64;

  /// The sender leaves the cluster on purpose.
  bool leaving = false;
  std::vector<known_node> nodes;
  /// Nothing on a link of version 1.
  std::optional<clock_stamp> clock = {};

  friend bool operator==(const heartbeat&, const heartbeat&) = default;
};

/// Encodes for the wire. `x.nodes` has at most `max_nodes` elements, whose hosts are such (`is_host`).
[[nodiscard]] std::vector<std::byte> encode(const heartbeat& x);
/// Adds the clock to a heartbeat that was encoded without, since it differs from peer to peer and the rest does not.
void add_clock(std::vector<std::byte>& encoded, const clock_stamp& clock);

/// Decodes the output of `encode` from an untrusted peer; anything else gives `errc::malformed` with the position. A later
/// version may append fields, which this one skips.
[[nodiscard]] result<heartbeat> decode_heartbeat(std::span<const std::byte> data);

} // namespace registry::inline v0_2
