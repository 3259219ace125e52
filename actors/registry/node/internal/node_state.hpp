#pragma once

#include <registry/node/internal/mesh.hpp>
#include <registry/node/internal/names.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <memory>
#include <mutex>
#include <thread>

namespace registry::inline v0_2 {

/// State shared by a node and its supervisor.
struct node_state {
  explicit node_state(caf::actor_system& home) : system(home) {}

  caf::actor_system& system;
  const std::shared_ptr<names> named = std::make_shared<names>();

  const std::shared_ptr<open_scopes> scopes = std::make_shared<open_scopes>();
  /// Null if the node is alone.
  std::shared_ptr<mesh> cluster;

  std::mutex lock; ///< protects the members below, and the opening of scopes
  caf::actor supervisor;
  bool stopped = false;
  /// Says goodbye on behalf of a coroutine, which must not block its thread. Last, so that it ends before the members it
  /// uses.
  std::jthread leaving;
};

} // namespace registry::inline v0_2
