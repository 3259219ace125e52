#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <iosfwd>
#include <string>

namespace registry {

/// A node of the cluster as another one sees it.
struct peer_status {
  incarnation who;
  node_address where;
  /// Linked and heard of. Otherwise its entries are flagged unreachable.
  bool reachable = false;
};

/// `"incarnation at host:port, reachable"`, or `unreachable`.
std::string to_string(const peer_status& x);
std::ostream& operator<<(std::ostream& out, const peer_status& x);

} // namespace registry
