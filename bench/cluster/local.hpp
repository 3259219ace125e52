#pragma once

#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>
#include <registry/scope/scope.hpp>

#include <caf/actor_system.hpp>

#include <string>

namespace registry::bench {

/// A node of a cluster in this process, on the loopback interface and otherwise with the defaults, with the scope `rooms`. With
/// a secret its links are encrypted.
struct local_node {
  explicit local_node(const std::string& secret = {});
  ~local_node() { home.stop(); }
  local_node(const local_node&) = delete;
  local_node& operator=(const local_node&) = delete;

  clustered_system_config config;
  caf::actor_system system{config};
  node home;
  scope rooms;
};

} // namespace registry::bench
