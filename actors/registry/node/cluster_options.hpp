#pragma once

#include <registry/error/error.hpp>
#include <registry/membership/address.hpp>
#include <registry/replica/options.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// The options of a node in a cluster. The defaults of the times suit a local network.
struct cluster_options {
  /// The name of the cluster. Nodes of different clusters refuse each other.
  std::string name = "registry";
  /// The address to listen on: `"127.0.0.1:4700"`, `"[::1]:4700"`, `"host:0"` (any free port). Empty: the node is alone.
  std::string listen;
  /// The address at which other nodes reach this one, if it differs from `listen`; required if that is all
  /// addresses, such as `0.0.0.0:4700`.
  std::string advertise;
  /// What to call this node in logs and the status of others: 1 to 64 letters, digits and `-._:@/`. Empty: the address that it
  /// advertises. Nodes that speak version 1 of the protocol do not learn it.
  std::string node_name;
  /// Nodes to begin with, as `"host:port"`; they need not be there yet. This node itself may be among them.
  std::vector<std::string> seeds;
  /// The secret that all nodes of the cluster share. Without one, and without a certificate, a node listens on loopback addresses only.
  std::string secret;
  /// Another secret that is valid as well, while the nodes of a cluster change from one to the other. They dial with `secret` first.
  std::string other_secret;
  /// `"required"`, which is also what empty means where there is a secret or a certificate: links are encrypted, or there are none;
  /// secrets of fewer than 32 characters are refused. `"prefer"`: those with nodes that can are encrypted, the others are plain, with a
  /// warning. `"none"`: links are plain. Without a secret and a certificate nothing else is possible.
  std::string encryption;
  ///@{
  /// Files in PEM format: the certificate of this node, its key, which others must not be able to read, and the authorities that may
  /// have issued the certificates of other nodes. All of them or none. Then links are encrypted by certificates instead of the
  /// secret; if there is one, it has to be known, too. They are read anew when they change.
  std::string tls_certificate;
  std::string tls_key;
  std::string tls_ca;
  ///@}
  /// Permits other addresses without a secret: then anyone who reaches the port may join the cluster.
  bool allow_no_secret = false;

  /// The time between two heartbeats on each link.
  std::chrono::milliseconds heartbeat_interval{500};
  ///@{
  /// The silence of a peer after which its entries are flagged unreachable, and after which they leave.
  std::chrono::milliseconds suspect_after{2000};
  std::chrono::milliseconds down_after{8000};
  ///@}
  /// The limit of the handshake of a new link, and again of CAF's own.
  std::chrono::milliseconds handshake_timeout{5000};
  /// How long two threads poll before they sleep: the one that reads the links, for the next frame of another node, and a worker of the
  /// scheduler, for the next subscriber to run. At most 10 ms. Polling costs each of them up to this much processor time per frame.
  /// Zero: they sleep at once.
  std::chrono::microseconds poll_time{100};
  /// The newest version of the protocol between nodes that this one speaks, 1 or 2; two nodes speak the newest that both do.
  std::uint64_t protocol_version = 2;
  /// The longest message that a node may send, in bytes. A link ends at a longer one, at either end.
  std::uint64_t max_message = std::uint64_t{128} << 20U;
  /// The bytes that may wait to be sent on a link, and those of messages from it that wait here for changes before them. The link ends
  /// when there are more.
  std::uint64_t max_waiting = std::uint64_t{512} << 20U;
  /// The least severe lines of the registry's log: `trace`, `debug`, `info`, `warn`, `error` or `off`. Empty: as the logger named
  /// `registry` has it, which is `info` unless the application has made it. The log is that of the process.
  std::string log_level;
  /// A file that the log is appended to. Empty: as the logger has it, which is the standard error unless the application has made it.
  std::string log_file;
  /// Bounds of the replication of each scope.
  replica_options replication;

  /// Whether the node takes part in a cluster: it has an address to listen on.
  [[nodiscard]] bool is_clustered() const noexcept { return !listen.empty(); }
  /// How links are encrypted: `encryption`, or what stands for it if it is empty; `"none"` if they cannot be.
  [[nodiscard]] std::string effective_encryption() const;
  /// Checks the options. Errors: `invalid_argument` with the name of the offending one.
  [[nodiscard]] result<void> validate() const;
};

} // namespace registry::inline v0_2
