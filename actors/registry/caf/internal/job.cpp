#include <registry/caf/internal/job.hpp>
#include <registry/compat/version.hpp>

#include <caf/actor_system.hpp>

#if REGISTRY_CAF_0_17
#include <caf/scheduler/abstract_coordinator.hpp>
#endif

namespace registry::inline v0_2::internal {

void schedule(caf::actor_system& system, caf::resumable* what) {
#if REGISTRY_CAF_0_17
  system.scheduler().enqueue(what);
#else
  system.scheduler().schedule(what);
#endif
}

void run_later(executor& here, caf::resumable* what) {
#if REGISTRY_CAF_0_17
  here.exec_later(what);
#else
  here.delay(what);
#endif
}

} // namespace registry::inline v0_2::internal
