#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <iosfwd>
#include <string>

namespace registry::inline v0_2 {

/// The view that a node has of another one of its cluster.
struct peer_status {
  incarnation who;    ///< the run of the peer's process
  node_address where; ///< the address that the peer advertises
  /// Whether the peer is linked and not silent. Otherwise its entries are flagged unreachable.
  bool reachable = false;
};

///@{
/// `"incarnation at host:port, reachable"`, or `unreachable`.
std::string to_string(const peer_status& x);
std::ostream& operator<<(std::ostream& out, const peer_status& x);
///@}

} // namespace registry::inline v0_2
