#include <registry/caf/internal/idle_system.hpp>
#include <registry/compat/version.hpp>

#include <caf/actor_system_config.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

#if REGISTRY_CAF_0_17
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#else
#include <caf/action.hpp>
#include <caf/detail/actor_system_access.hpp>
#include <caf/disposable.hpp>
#include <caf/scheduler.hpp>
#include <caf/settings.hpp>

#include <map>
#endif

namespace registry::inline v0_2::internal {

#if REGISTRY_CAF_0_17

namespace {

caf::scheduler::test_coordinator& coordinator(caf::actor_system& system) noexcept {
  return static_cast<caf::scheduler::test_coordinator&>(system.scheduler());
}

} // namespace

idle_system::idle_system(caf::actor_system_config& config) {
  config.set("scheduler.policy", caf::atom("testing"));
  config.set("scheduler.max-threads", std::size_t{1}); // broadcasts count them
  system_ = std::make_unique<caf::actor_system>(config);
  system_->await_actors_before_shutdown(false);
}

std::deque<caf::resumable*>& idle_system::ready() noexcept {
  return coordinator(*system_).jobs;
}

void idle_system::resume_first() {
  auto& jobs = ready();
  const auto* first = jobs.front();
  coordinator(*system_).run_once(); // which puts it back to where it was
  if (!jobs.empty() && jobs.front() == first)
    std::rotate(jobs.begin(), jobs.begin() + 1, jobs.end());
}

idle_system::time_point idle_system::now() const noexcept {
  return coordinator(*system_).clock().now();
}

std::optional<idle_system::time_point> idle_system::next_timer() {
  const auto& timers = coordinator(*system_).clock().schedule();
  return timers.empty() ? std::nullopt : std::optional{timers.begin()->first};
}

void idle_system::move_clock(time_point to) {
  auto& clock = coordinator(*system_).clock();
  clock.current_time = std::max(clock.current_time, to);
  clock.trigger_expired_timeouts();
}

void idle_system::drop_timers() {
  coordinator(*system_).clock().cancel_all();
}

#else

class idle_system::clock final : public caf::actor_clock {
public:
  [[nodiscard]] time_point now() const noexcept override { return now_; }

  using caf::actor_clock::schedule;
  caf::disposable schedule(time_point due, caf::action what) override {
    timers_.emplace(due, what);
    return std::move(what).as_disposable();
  }

  [[nodiscard]] std::optional<time_point> next() {
    while (!timers_.empty() && timers_.begin()->second.disposed())
      timers_.erase(timers_.begin());
    return timers_.empty() ? std::nullopt : std::optional{timers_.begin()->first};
  }
  void move(time_point to) {
    now_ = std::max(now_, to);
    for (auto due = next(); due && *due <= now_; due = next()) {
      auto timer = timers_.extract(timers_.begin());
      timer.mapped().run();
    }
  }
  void drop() {
    for (auto& [due, what] : std::exchange(timers_, {}))
      what.dispose();
  }

private:
  time_point now_{duration_type{1}}; // as in 0.17
  std::multimap<time_point, caf::action> timers_;
};

class idle_system::scheduler final : public caf::scheduler {
public:
  /// Its caller has counted a reference.
  void schedule(caf::resumable* what) override { jobs.push_back(what); }
  void delay(caf::resumable* what) override { jobs.push_back(what); }
  void start() override {}
  void stop() override {
    while (!jobs.empty())
      release(take());
  }

  void resume_first() {
    auto* first = take();
    switch (first->resume(this, 1)) {
    case caf::resumable::resume_later:
      jobs.push_back(first);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      release(first);
      break;
    case caf::resumable::shutdown_execution_unit:
      break;
    }
  }

  std::deque<caf::resumable*> jobs;

private:
  caf::resumable* take() {
    auto* first = jobs.front();
    jobs.pop_front();
    return first;
  }
  static void release(caf::resumable* what) { what->deref_resumable(); }
};

idle_system::idle_system(caf::actor_system_config& config) {
  caf::put(config.content, "caf.scheduler.max-threads", std::size_t{1}); // broadcasts count them
  const auto set_up = [](caf::actor_system& system, caf::actor_system_config&, void* self) {
    auto& home = *static_cast<idle_system*>(self);
    auto own_clock = std::make_unique<clock>();
    auto own_scheduler = std::make_unique<scheduler>();
    home.clock_ = own_clock.get();
    home.scheduler_ = own_scheduler.get();
    caf::detail::actor_system_access access{system};
    access.clock(std::move(own_clock));
    access.scheduler(std::move(own_scheduler));
  };
  system_ = std::make_unique<caf::actor_system>(config, set_up, this);
  system_->await_actors_before_shutdown(false);
}

std::deque<caf::resumable*>& idle_system::ready() noexcept {
  return scheduler_->jobs;
}

void idle_system::resume_first() {
  scheduler_->resume_first();
}

idle_system::time_point idle_system::now() const noexcept {
  return clock_->now();
}

std::optional<idle_system::time_point> idle_system::next_timer() {
  return clock_->next();
}

void idle_system::move_clock(time_point to) {
  clock_->move(to);
}

void idle_system::drop_timers() {
  clock_->drop();
}

#endif

idle_system::~idle_system() = default;

} // namespace registry::inline v0_2::internal
