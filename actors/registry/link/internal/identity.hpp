#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace registry {

/// Who a node says it is when it shakes hands. All but the secret is sent, and in the clear.
struct handshake_identity {
  /// The longest name of a cluster, and the longest node id, in bytes.
  static constexpr std::size_t max_name = 255;

  incarnation self;
  /// Nodes of clusters of different names refuse each other.
  std::string cluster;
  /// What all nodes of the cluster know and nobody else. Never sent: both ends prove that they know it. An empty one is a secret
  /// like any other, which everybody knows.
  std::string secret;
  /// CAF's id of this process as text. Only one node of a cluster may have it.
  std::string node_id;
  /// Where others reach this node.
  node_address advertised;
  /// The protocol versions it speaks; two nodes use the highest that both know.
  std::uint8_t oldest_version = 1;
  std::uint8_t newest_version = 1;
};

} // namespace registry
