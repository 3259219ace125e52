#pragma once

#include <registry/error/error.hpp>
#include <registry/membership/address.hpp>
#include <registry/replica/options.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace registry {

/// How a node takes part in a cluster.
struct cluster_options {
  /// Nodes of clusters of different names refuse each other.
  std::string name = "registry";
  /// Where to listen: `"127.0.0.1:4700"`, `"[::1]:4700"`, `"host:0"` (any free port). Empty: the node is alone.
  std::string listen;
  /// How others reach this node, if that differs from `listen` (which must be named, or be reachable as it stands).
  std::string advertise;
  /// Some nodes to begin with, as `"host:port"`; they need not be there yet. This node itself may be among them.
  std::vector<std::string> seeds;
  /// What the nodes of the cluster know and nobody else. Without one a node listens on loopback addresses only.
  std::string secret;
  /// Says in so many words that anybody who reaches the port may join the cluster.
  bool allow_no_secret = false;

  std::chrono::milliseconds heartbeat_interval{500};
  /// How long a peer may be silent before its entries are flagged unreachable, and before they leave.
  std::chrono::milliseconds suspect_after{2000};
  std::chrono::milliseconds down_after{8000};
  /// How long a handshake may take, and then CAF's.
  std::chrono::milliseconds handshake_timeout{5000};
  /// Bounds of the replication of each scope.
  replica_options replication;

  /// Whether there is anything to take part in.
  [[nodiscard]] bool is_clustered() const noexcept { return !listen.empty(); }
  /// Checks the options; the message names the one that is wrong.
  [[nodiscard]] result<void> validate() const;
};

} // namespace registry
