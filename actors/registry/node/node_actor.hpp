#pragma once

#include <registry/node/node_state.hpp>

namespace registry {

/// Spawns the supervisor of a node: it starts the actor of a scope again when it has crashed.
caf::actor spawn_node_actor(caf::actor_system& system, const std::shared_ptr<node_state>& state);

/// Starts the actor of a scope and lets the supervisor watch it. Under the lock of the state.
void start_scope_actor(node_state& state, const std::shared_ptr<scope_state>& opened);

/// Closes a scope and waits until its actor has ended. The scope must not be among those of the state any more.
void end_scope(caf::actor_system& system, scope_state& ending);

} // namespace registry
