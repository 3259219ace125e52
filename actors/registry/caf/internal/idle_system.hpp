#pragma once

#include <registry/compat/version.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/resumable.hpp>

#include <deque>
#include <memory>
#include <optional>

namespace registry::inline v0_2::internal {

/// An actor system without workers, whose clock stands still: its owner runs the actors and moves the clock.
/// One thread.
class idle_system {
public:
  using time_point = caf::actor_clock::time_point;

  /// Changes the configuration, which must outlive it.
  explicit idle_system(caf::actor_system_config& config);
  ~idle_system();
  idle_system(const idle_system&) = delete;
  idle_system& operator=(const idle_system&) = delete;

  [[nodiscard]] caf::actor_system& get() noexcept { return *system_; }
  /// What wants to run, in the order in which it became ready. To be reordered, not to be added to.
  [[nodiscard]] std::deque<caf::resumable*>& ready() noexcept;
  /// Lets the first of these go on for one message; it stands last then if it has more. There must be one.
  void resume_first();

  [[nodiscard]] time_point now() const noexcept;
  [[nodiscard]] std::optional<time_point> next_timer();
  /// Moves the clock, never back, and fires all timers that are due.
  void move_clock(time_point to);
  void drop_timers();

private:
#if !REGISTRY_CAF_0_17 // which has both
  class clock;
  class scheduler;

  clock* clock_ = nullptr;         // the system's
  scheduler* scheduler_ = nullptr; // likewise
#endif
  std::unique_ptr<caf::actor_system> system_;
};

} // namespace registry::inline v0_2::internal
