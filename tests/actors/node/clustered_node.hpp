#pragma once

#include <support/waiting.hpp>

#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace registry::testing {

/// A node of a cluster in this process: CAF gives every actor system a separate id.
class clustered_node {
public:
  explicit clustered_node(const cluster_options& options, caf_defaults defaults = caf_defaults::tuned);
  ~clustered_node();

  /// A local actor that does nothing.
  member spawn_idle();

  clustered_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  node home;
  scope rooms;

private:
  std::vector<member> idle_;
};

/// Options for tests: a free port of the loopback interface, and these seeds. Silence never takes a node down, since a busy
/// machine would cause it, too.
cluster_options loopback(const std::vector<node_address>& seeds = {});

/// Nodes that know each other: the first one is the seed of the others. All are linked when this returns.
std::vector<std::unique_ptr<clustered_node>> cluster_of(std::size_t size);

} // namespace registry::testing
