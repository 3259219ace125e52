#pragma once

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <memory>

namespace registry::inline v0_2 {

class mesh;

/// Spawns the actor that drives a mesh's clock.
caf::actor spawn_mesh_actor(caf::actor_system& system, const std::shared_ptr<mesh>& driven);

} // namespace registry::inline v0_2
