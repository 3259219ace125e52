#pragma once

#include <dispatch/jobs/job.hpp>
#include <dispatch/queue.hpp>

#include <registry/coro/channel.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/self.hpp>
#include <registry/member/member.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <utility>
#include <variant>

namespace dispatch {

struct lane;

/// A job and how far it is.
struct task_state {
  explicit task_state(job content) : what(std::move(content)) {}

  job what;
  /// The worker it was given to, if it is with one.
  lane* where = nullptr;
  /// Whether the worker has been asked to do it.
  bool under_way = false;
  bool finished = false;
  std::int64_t attempts = 0;
};

/// The way to one worker: the jobs it was given, and as many coroutines as the worker has places, each of which asks it to do one
/// job after the other. Destroying the lane forgets what they wait for.
struct lane {
  /// So many of its jobs can be under way at a time: at least 1.
  lane(registry::coroutine_self self, registry::member worker, worker_card says, std::size_t places)
      : who(std::move(worker)), card(std::move(says)), given(self, places), runners(self) {}

  [[nodiscard]] bool has_room() const noexcept { return std::cmp_less(jobs.size(), card.capacity); }

  registry::member who;
  worker_card card;
  /// The worker drains, or is known to have ended before the scope knows it: it gets no more jobs.
  bool closed = false;
  /// All that it was given and has not finished, and of these, in order, those that are not under way.
  std::set<task_state*> jobs;
  std::deque<task_state*> unbegun;
  /// Wakes a runner for each new job; when it is full all of them are about to look.
  registry::channel<std::monostate> given;
  registry::nursery runners;
};

} // namespace dispatch
