#pragma once

#include <support/network.hpp>
#include <support/remote_node.hpp>

namespace cluster_tests {

/// Whether there can be no `network` here; says why.
bool network_is_missing();

/// Starts one node on each of the first hosts, and returns when all are linked.
nodes nodes_on(const network& net, std::size_t hosts, launch with);

} // namespace cluster_tests
