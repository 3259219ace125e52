#pragma once

#include <dispatch/jobs/job.hpp>
#include <dispatch/queue.hpp>

#include <registry/member/member.hpp>
#include <registry/value/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <utility>
#include <vector>

namespace dispatch {

struct lane;

/// The state of a job that was sent to a worker, as far as the worker has said.
enum class progress_at_worker : std::uint8_t { unknown, waiting, begun };

/// A job and how far it is.
struct task_state {
  using time_point = std::chrono::steady_clock::time_point;

  explicit task_state(job content) : what(std::move(content)) {}

  job what;
  /// The worker it was given to, if it is with one.
  lane* where = nullptr;
  /// Of this attempt; 0 if the worker has not been sent the job.
  std::uint64_t ticket = 0;
  progress_at_worker progress = progress_at_worker::unknown;
  /// When the worker was last sent something about it, or last said something.
  time_point since;
  /// Whether the worker owes an answer to a question: `ask_job` or `withdraw_job`.
  bool asked = false;
  bool finished = false;
  std::int64_t attempts = 0;
  /// The ends of the attempts before.
  std::vector<registry::value> history;
};

/// The way to one worker: the jobs it was given.
struct lane {
  lane(registry::member worker, worker_card says) : who(std::move(worker)), card(std::move(says)) {}

  [[nodiscard]] bool has_room(task_state::time_point now) const noexcept {
    return std::cmp_less(jobs.size(), card.capacity) && now >= busy_until;
  }
  /// Whether it may be sent one more.
  [[nodiscard]] bool may_send(task_state::time_point now) const noexcept {
    return !closed && now >= busy_until && !unsent.empty() && std::cmp_less(jobs.size() - unsent.size(), card.capacity);
  }

  registry::member who;
  worker_card card;
  /// The worker drains, or is gone: it gets no more jobs.
  bool closed = false;
  /// It has too much to do, and is left alone for a while.
  task_state::time_point busy_until;
  /// All that it was given and has not finished, and of these, in order, those that were not sent.
  std::set<task_state*> jobs;
  std::deque<task_state*> unsent;
};

} // namespace dispatch
