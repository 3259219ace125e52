#pragma once

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <memory>

namespace registry {

class mesh;

/// Spawns the actor that makes a mesh's clock tick.
caf::actor spawn_mesh_actor(caf::actor_system& system, const std::shared_ptr<mesh>& driven);

} // namespace registry
