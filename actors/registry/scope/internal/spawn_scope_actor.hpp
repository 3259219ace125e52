#pragma once

#include <registry/scope/scope_actor.hpp>

#include <caf/fwd.hpp>

#include <memory>

namespace registry::inline v0_2 {

class scope_state;

/// Spawns the actor of a scope; it still has to be attached (`scope_state::attach_actor`). It serves the requests, monitors
/// members and distributes changes. Except for open `await_request`s all state belongs to the scope, so a successor loses
/// nothing.
scope_actor spawn_scope_actor(caf::actor_system& system, std::shared_ptr<scope_state> state);

} // namespace registry::inline v0_2
