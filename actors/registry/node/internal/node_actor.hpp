#pragma once

#include <registry/node/internal/node_state.hpp>

#include <string_view>

namespace registry::inline v0_2 {

/// Spawns the supervisor of a node: it restarts the actor of a scope after a crash.
caf::actor spawn_node_actor(caf::actor_system& system, const std::shared_ptr<node_state>& state);

/// Starts the actor of a scope and has the supervisor watch it. Under the lock of the state.
void start_scope_actor(node_state& state, const std::shared_ptr<scope_state>& opened);

/// Removes a scope from the state, to be closed. Error: `invalid_argument` if there is none of this name.
result<open_scopes::scope_ptr> extract_scope(node_state& state, std::string_view name);

/// Closes a scope that has been removed from the state, and returns its actor, which is about to end.
caf::actor begin_to_end(scope_state& ending);

/// The same, and waits until the actor has ended, unless the caller is an actor.
void end_scope(caf::actor_system& system, scope_state& ending);

/// Removes all entries of this node's actors from its scopes, everywhere: the node leaves.
void empty_scopes(node_state& state);

/// See `node::stop`.
void stop_node(node_state& state);

} // namespace registry::inline v0_2
