#pragma once

#include <registry/compat/internal/executor.hpp>
#include <registry/compat/version.hpp>

#include <caf/fwd.hpp>

namespace registry::inline v0_2::internal {

/// Stands in for a worker of the scheduler while messages are sent, and gets the actors that wake.
class wake_collector : public executor {
public:
#if REGISTRY_CAF_0_17
  explicit wake_collector(caf::actor_system& system) : executor(&system) {}
  void exec_later(caf::resumable* woken) final { add(woken); }
#else
  explicit wake_collector(caf::actor_system&) {}
  void schedule(caf::resumable* woken) final { add(woken); }
  void delay(caf::resumable* woken) final { add(woken); }
  void start() final {}
  void stop() final {}
#endif

private:
  /// With a reference that it takes over.
  virtual void add(caf::resumable* woken) = 0;
};

} // namespace registry::inline v0_2::internal
