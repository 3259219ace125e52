#include <registry/caf/internal/job.hpp>
#include <registry/compat/version.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/intrusive_ptr.hpp>

#if REGISTRY_CAF_0_17
#include <caf/scheduler/abstract_coordinator.hpp>
#else
#include <algorithm>
#include <thread>
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

void run(executor& here, caf::resumable* what, std::size_t max_throughput) {
  if (what->resume(&here, max_throughput) == caf::resumable::resume_later)
    run_later(here, what);
  else
    caf::intrusive_ptr_release(what);
}

void abandon(caf::resumable* what) {
#if REGISTRY_CAF_0_17
  caf::scheduler::abstract_coordinator::cleanup_and_release(what);
#else
  caf::intrusive_ptr_release(what);
#endif
}

std::size_t workers_of(caf::actor_system& system) {
#if REGISTRY_CAF_0_17
  return system.scheduler().num_workers();
#else
  // CAF's own default.
  const std::size_t otherwise = std::max(std::thread::hardware_concurrency(), 4U);
  return caf::get_or(system.config(), "caf.scheduler.max-threads", otherwise);
#endif
}

} // namespace registry::inline v0_2::internal
