#pragma once

#include <dispatch/messages.hpp>
#include <dispatch/submitter/lane.hpp>
#include <dispatch/submitter/submitter.hpp>

#include <registry/coro/channel.hpp>
#include <registry/coro/self.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace dispatch {

/// The state of a submitter: its jobs, and the lanes to the workers. Its coroutines share it; none of its functions waits.
///
/// 1. Each job is either waiting (in `waiting_` or about to be), in exactly one lane, or finished.
/// 2. A job is reported when it is finished, and only then.
/// 3. There is a lane for every worker that stands in the scope, under its queue or as one that drains.
/// 4. A job has a ticket while a worker has been sent it and has not answered in the end; the worker of a ticket that is taken
///    back is told, so that it does nothing for nobody.
/// 5. An attempt is counted when the worker says that the job has begun, or leaves it unknown whether it has.
class job_board {
public:
  job_board(registry::coroutine_self self, registry::scope queues, submission what, registry::member observer);

  // -- Jobs

  /// The jobs that are to be placed. Closed when there will be none any more.
  [[nodiscard]] registry::channel<task_state*> waiting() const { return waiting_; }
  /// Something has changed that may allow to go on.
  [[nodiscard]] registry::channel<std::monostate> changes() const { return changes_; }
  /// Gives a job to a worker; false if none has room.
  bool place(task_state& one);
  /// Nothing more is begun.
  void stop();
  /// Finishes all that is left, without having done it; returns how many.
  std::size_t cancel_rest(const std::string& why);

  // -- What workers say

  void hear(const job_waiting& x);
  void hear(const job_begun& x);
  void hear(const job_dropped& x);
  void hear(const job_refused& x);
  void hear(job_done x);

  // -- Time

  /// Ends what has taken too long. To be called every `interval`.
  void look_at_time();
  [[nodiscard]] std::chrono::milliseconds interval() const;

  // -- Workers

  /// Makes lanes for workers that are new, removes those of workers that are gone.
  void look_at_workers();
  /// Whether anybody may take jobs, perhaps later.
  [[nodiscard]] bool has_workers() const;

  [[nodiscard]] const submission& order() const noexcept { return order_; }
  /// The number of jobs that workers have.
  [[nodiscard]] std::size_t under_way() const noexcept { return by_ticket_.size(); }
  [[nodiscard]] bool stopping() const noexcept { return stopping_; }
  void report_progress() const;

private:
  void open_lane(const registry::entry& held, bool drains);
  /// It gets no more jobs.
  void close_lane(lane& way);
  /// Nor is anything to be expected of it.
  void abandon_lane(lane& way);
  void take_back_unsent(lane& from);
  void take_back_all_unsent();
  void send_jobs(lane& way);
  void leave_lane(task_state& one);
  void wait_again(task_state& one);
  /// The worker has not done it: the next attempt, or the end.
  void fail_attempt(task_state& one, const std::string& why);
  void lose_worker(task_state& one);
  /// Tells the worker something about a job.
  template <class Message>
  void tell_worker(task_state& one);
  template <class Message>
  void ask_worker(task_state& one);
  void look_at_time_of(task_state& one, task_state::time_point now);
  /// A job that waits at a worker goes to another one that is idle.
  void move_to_idle_workers(task_state::time_point now);
  [[nodiscard]] std::int64_t idle_places() const;
  void report(task_state& one, job_report result);
  [[nodiscard]] task_state* find(std::uint64_t ticket) const;
  [[nodiscard]] std::vector<candidate> candidates(const registry::group& entries) const;
  void signal() { changes_.try_push({}); }

  registry::coroutine_self self_;
  registry::scope queues_;
  submission order_;
  registry::member observer_;
  std::vector<std::unique_ptr<task_state>> jobs_;
  registry::channel<task_state*> waiting_;
  registry::channel<std::monostate> changes_;
  std::size_t unfinished_;
  std::unordered_map<std::uint64_t, task_state*> by_ticket_;
  std::uint64_t last_ticket_ = 0;
  std::uint32_t turn_ = 0;
  bool stopping_ = false;
  bool warned_of_old_workers_ = false;
  // By handle: a worker that comes back after its link was cut has a new one, which compares equal, and the old one reaches nobody.
  std::map<registry::member, std::unique_ptr<lane>> lanes_;
};

} // namespace dispatch
