#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace registry::inline v0_2 {

/// The identity that a node states in a handshake. All of it except the secret is sent, in the clear.
struct handshake_identity {
  /// The maximum length of a cluster's name, and of a node id, in bytes.
  static constexpr std::size_t max_name = 255;

  incarnation self;
  /// Nodes of clusters with different names refuse each other.
  std::string cluster;
  /// Known to all nodes of the cluster and nobody else. Never sent: both ends prove that they know it. An empty secret is
  /// valid, but known to everybody.
  std::string secret;
  /// CAF's id of this process as text. Must be unique among the nodes of a cluster.
  std::string node_id;
  /// The address at which others reach this node.
  node_address advertised;
  /// The protocol versions it speaks; two nodes use the highest common version.
  std::uint8_t oldest_version = 1;
  std::uint8_t newest_version = 1;
  /// Another secret that is valid as well; empty for none.
  std::string other_secret = {};
  /// What its operator calls it: `is_node_name`, or empty for none. Told to nodes that speak version 2.
  std::string node_name = {};
};

} // namespace registry::inline v0_2
