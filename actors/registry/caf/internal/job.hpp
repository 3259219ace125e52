#pragma once

#include <registry/compat/internal/executor.hpp>
#include <registry/compat/version.hpp>

#include <caf/fwd.hpp>
#include <caf/resumable.hpp>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <utility>

namespace registry::inline v0_2::internal {

/// Work for a worker of CAF that is no actor. Reference-counted; whoever creates it has the first reference.
class job : public caf::resumable {
public:
  job() = default;
  job(const job&) = delete;
  job& operator=(const job&) = delete;
  ~job() override = default;

#if REGISTRY_CAF_0_17
  subtype_t subtype() const override { return function_object; }
  void intrusive_ptr_add_ref_impl() override { retain(); }
  void intrusive_ptr_release_impl() override { release(); }
#else
  subtype_t subtype() const noexcept override { return function_object; }
  void ref_resumable() const noexcept override { retain(); }
  void deref_resumable() const noexcept override { release(); }
#endif

  friend void intrusive_ptr_add_ref(const job* x) noexcept { x->retain(); }
  friend void intrusive_ptr_release(const job* x) noexcept { x->release(); }

  void retain() const noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

private:
  alignas(64) mutable std::atomic<std::size_t> references_{1};
};

/// Lets a worker of the scheduler run it, which takes over one reference. Any thread.
void schedule(caf::actor_system& system, caf::resumable* what);

/// Lets `here`, in its thread, run it after other work.
void run_later(executor& here, caf::resumable* what);

/// Runs it in the thread of `here`. Takes over one reference, as all of these do.
void run(executor& here, caf::resumable* what, std::size_t max_throughput);

/// Destroys it, since nobody is going to run it.
void abandon(caf::resumable* what);

/// The number of the scheduler's workers.
[[nodiscard]] std::size_t workers_of(caf::actor_system& system);

template <class Function>
class function_job final : public job {
public:
  explicit function_job(Function what) : what_(std::move(what)) {}
  resume_result resume(executor*, std::size_t) override {
    what_();
    return done;
  }

private:
  Function what_;
};

/// Calls a function in a worker of the scheduler, or destroys it uncalled if the system ends before. Any thread.
template <std::invocable Function>
void call_in_worker(caf::actor_system& system, Function what) {
  schedule(system, new function_job<Function>(std::move(what)));
}

} // namespace registry::inline v0_2::internal
