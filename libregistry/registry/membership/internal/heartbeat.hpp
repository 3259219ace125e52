#pragma once

#include <registry/error/error.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace registry::inline v0_2 {

/// A node and the address it listens on.
struct known_node {
  incarnation who;
  node_address where;

  friend bool operator==(const known_node&, const known_node&) = default;
};

/// The regular message of a node to each of its peers: a sign of life, and the names of some nodes it is linked with.
struct heartbeat {
  /// The maximum number of nodes in one heartbeat; in larger clusters the sender rotates through them.
  static constexpr std::size_t max_nodes = 64;

  /// The sender leaves the cluster on purpose.
  bool leaving = false;
  std::vector<known_node> nodes;

  friend bool operator==(const heartbeat&, const heartbeat&) = default;
};

/// Encodes for the wire. `x.nodes` has at most `max_nodes` elements, whose hosts are such (`is_host`).
[[nodiscard]] std::vector<std::byte> encode(const heartbeat& x);

/// Decodes the output of `encode` from an untrusted peer; anything else gives `errc::malformed` with the position. A later
/// version may append fields, which this one skips.
[[nodiscard]] result<heartbeat> decode_heartbeat(std::span<const std::byte> data);

} // namespace registry::inline v0_2
