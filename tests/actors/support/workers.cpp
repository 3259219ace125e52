#include <support/workers.hpp>

#include <registry/actor/tell.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/settings.hpp>

#include <cstdint>

namespace registry::testing {

workers_config::workers_config(std::size_t workers) {
  if (workers == 0)
    return;
  // The name of the option in CAF 0.17, and later.
  caf::put(content, "scheduler.max-threads", workers);
  caf::put(content, "caf.scheduler.max-threads", workers);
}

held_worker::held_worker(caf::actor_system& system) {
  const auto blocker = system.spawn([state = state_](caf::event_based_actor* self) -> caf::behavior {
    return {[=](std::int32_t) {
      state->held.count_down();
      state->released.wait();
      self->quit();
    }};
  });
  registry::tell(blocker, std::int32_t{0});
  state_->held.wait();
}

} // namespace registry::testing
