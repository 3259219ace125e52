#pragma once

#include <registry/node/names.hpp>
#include <registry/scope/scope_state.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace registry {

/// What a node and its supervisor share.
struct node_state {
  explicit node_state(caf::actor_system& home) : system(home) {}

  caf::actor_system& system;
  const std::shared_ptr<names> named = std::make_shared<names>();

  std::mutex lock; ///< protects what follows
  std::map<std::string, std::shared_ptr<scope_state>, std::less<>> scopes;
  caf::actor supervisor;
  bool stopped = false;
};

} // namespace registry
