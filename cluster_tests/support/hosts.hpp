#pragma once

#include <support/network.hpp>
#include <support/remote_node.hpp>

namespace cluster_tests {

/// Whether this machine can have no `network`; warns with the reason.
bool network_is_missing();

/// Starts a node on each of the first hosts, and returns when all are linked and synchronised.
nodes nodes_on(const network& net, std::size_t hosts, launch with);

} // namespace cluster_tests
