#pragma once

#include <registry/node/cluster_options.hpp>

#include <optional>

namespace cluster_tests {

/// The command line of the program: `cluster_node --help` describes it.
struct node_options {
  registry::cluster_options cluster;
  /// Whether the scopes `rooms` and `names`, whose keys are unique, are open from the start.
  bool opens_scopes = true;
  /// Set if the program is to end at once, with this exit status: after `--help`, or after an argument that is wrong. The
  /// user has been told why.
  std::optional<int> exit_status;
};

node_options read_options(int argc, char** argv);

} // namespace cluster_tests
