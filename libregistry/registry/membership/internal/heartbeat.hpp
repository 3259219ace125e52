#pragma once

#include <registry/error/error.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace registry {

/// A node and where it listens.
struct known_node {
  incarnation who;
  node_address where;

  friend bool operator==(const known_node&, const known_node&) = default;
};

/// What a node tells each of its peers now and then: that it lives, and some of those it is linked with.
struct heartbeat {
  /// How many nodes one heartbeat names at most; in larger clusters its sender takes turns.
  static constexpr std::size_t max_nodes = 64;

  /// The sender leaves the cluster on purpose.
  bool leaving = false;
  std::vector<known_node> nodes;

  friend bool operator==(const heartbeat&, const heartbeat&) = default;
};

/// Bytes for the wire. `x.nodes` has at most `max_nodes` elements, whose hosts have 1 to `node_address::max_host` bytes.
[[nodiscard]] std::vector<std::byte> encode(const heartbeat& x);

/// Reads what `encode` wrote, from a peer that is not trusted: `errc::malformed` with the position otherwise. A later version
/// may append fields, which this one skips; anything else that `encode` does not write is refused.
[[nodiscard]] result<heartbeat> decode_heartbeat(std::span<const std::byte> data);

} // namespace registry
