#include <registry/compat/actor.hpp>
#include <registry/node/internal/mesh.hpp>
#include <registry/node/internal/mesh_actor.hpp>
#include <registry/node/internal/messages.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

namespace registry::inline v0_2 {

namespace {

class mesh_actor : public caf::event_based_actor {
public:
  mesh_actor(caf::actor_config& config, std::weak_ptr<mesh> driven)
      : caf::event_based_actor(config), driven_(std::move(driven)) {}

  const char* name() const override { return "registry.mesh"; }

  caf::behavior make_behavior() override {
    compat::send_self_later(this, mesh::tick_interval, mesh_tick{});
    return {[this](const mesh_tick&) {
      if (const auto driven = driven_.lock()) {
        driven->tick();
        driven->tell_joined();
      }
      compat::send_self_later(this, mesh::tick_interval, mesh_tick{});
    }};
  }

private:
  std::weak_ptr<mesh> driven_;
};

} // namespace

caf::actor spawn_mesh_actor(caf::actor_system& system, const std::shared_ptr<mesh>& driven) {
  return system.spawn<mesh_actor>(std::weak_ptr{driven});
}

} // namespace registry::inline v0_2
