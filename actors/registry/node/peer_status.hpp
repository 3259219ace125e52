#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

namespace registry {

/// A node of the cluster as another one sees it.
struct peer_status {
  incarnation who;
  node_address where;
  /// Linked and heard of. Otherwise its entries are flagged unreachable.
  bool reachable = false;
};

} // namespace registry
