#pragma once

#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>
#include <registry/scope/scope.hpp>

#include <caf/actor_system.hpp>

namespace registry::bench {

/// A node of a cluster in this process, on the loopback interface and otherwise with the defaults, with the scope `rooms`.
struct local_node {
  local_node();
  ~local_node() { home.stop(); }
  local_node(const local_node&) = delete;
  local_node& operator=(const local_node&) = delete;

  clustered_system_config config;
  caf::actor_system system{config};
  node home;
  scope rooms;
};

} // namespace registry::bench
