#pragma once

#include <registry/compat/version.hpp>

#include <utility>

#if REGISTRY_CAF_0_17
#include <caf/execution_unit.hpp>
#else
#include <caf/scheduler.hpp>
#endif

namespace registry::inline v0_2::internal {

/// What runs actors and jobs: a worker of the scheduler, or the multiplexer.
#if REGISTRY_CAF_0_17
using executor = caf::execution_unit;
#else
using executor = caf::scheduler;
#endif

/// Has `compat::deliver` give the actors that it wakes in this thread to `to`, and not to the scheduler, while this exists.
class wake_redirection {
public:
  explicit wake_redirection(executor& to) noexcept : before_(std::exchange(target, &to)) {}
  wake_redirection(const wake_redirection&) = delete;
  wake_redirection& operator=(const wake_redirection&) = delete;
  ~wake_redirection() { target = before_; }

  /// Null without one.
  [[nodiscard]] static executor* present() noexcept { return target; }

private:
  executor* const before_;
  static inline constinit thread_local executor* target = nullptr;
};

} // namespace registry::inline v0_2::internal
