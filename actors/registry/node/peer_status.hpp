#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>
#include <registry/membership/clock_estimate.hpp>

#include <iosfwd>
#include <optional>
#include <string>

namespace registry::inline v0_2 {

/// The view that a node has of another one of its cluster.
struct peer_status {
  incarnation who;    ///< the run of the peer's process
  node_address where; ///< the address that the peer advertises
  /// Whether the peer is linked and not silent. Otherwise its entries are flagged unreachable.
  bool reachable = false;
  /// What its operator calls it (`cluster_options::node_name`); the address, if nothing else or if it speaks version 1 of the protocol.
  std::string name = {};
  /// Its wall clock. Nothing before the second heartbeat or so, and nothing of a peer that speaks version 1.
  std::optional<clock_estimate> clock = {};
};

///@{
/// `"incarnation at host:port, reachable"`, or `unreachable`; with the name in front if it is not the address, and the clock behind if it
/// is known: `", clock ahead by 1.250 ms, round trip 0.400 ms"`.
std::string to_string(const peer_status& x);
std::ostream& operator<<(std::ostream& out, const peer_status& x);
///@}

} // namespace registry::inline v0_2
