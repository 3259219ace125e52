#pragma once

#include <registry/caf/internal/job.hpp>
#include <registry/caf/internal/poll.hpp>
#include <registry/caf/internal/wake_collector.hpp>

#include <caf/fwd.hpp>
#include <caf/intrusive_ptr.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>

namespace registry::inline v0_2::internal {

/// Has a worker of the scheduler run the actors that changes from other nodes have woken. The worker polls for the next one for a
/// while before it sleeps, since waking a thread takes longer than most handlers run.
///
/// 1. One thread gives it actors: that of CAF's multiplexer.
/// 2. At most one worker polls, and only if there are others. It gives way to other threads, and ends on a busy core. The actor
///    system ends after it.
/// 3. An actor that wakes while that worker runs another one goes to the scheduler as ever: nobody waits for a handler.
class wake_poll final : public job {
public:
  /// With no duration, or a single worker, all actors go to the scheduler.
  wake_poll(caf::actor_system& system, std::chrono::nanoseconds duration);
  /// Only a stopped system leaves an actor.
  ~wake_poll() override;

  /// Gets the actors.
  [[nodiscard]] executor& entrance() noexcept { return entrance_; }

  /// What the worker does.
  resume_result resume(executor* here, std::size_t max_throughput) override;

private:
  enum class phase { asleep, has_next, running, polling };

  class collector final : public wake_collector {
  public:
    collector(caf::actor_system& system, wake_poll& owner) : wake_collector(system), owner_(owner) {}

  private:
    void add(caf::resumable* woken) override { owner_.add(woken); }

    wake_poll& owner_;
  };

  void add(caf::resumable* woken);
  /// False: it has fallen asleep.
  bool await_next();

  caf::actor_system& system_;
  collector entrance_;
  const bool is_enabled_;
  poll poll_; // of the worker
  std::atomic<phase> phase_{phase::asleep};
  caf::resumable* next_ = nullptr; // written before `has_next`, read after it
};

using wake_poll_ptr = caf::intrusive_ptr<wake_poll>;

} // namespace registry::inline v0_2::internal
