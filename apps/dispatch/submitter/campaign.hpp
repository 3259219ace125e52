#pragma once

#include <dispatch/messages.hpp>
#include <dispatch/submitter/lane.hpp>
#include <dispatch/submitter/submitter.hpp>

#include <registry/coro/channel.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <variant>
#include <vector>

namespace dispatch {

/// What a submitter knows: its jobs, and the lanes to the workers. Its coroutines share it; none of its functions waits.
///
/// 1. Each job is either waiting (in `waiting_` or about to be), in exactly one lane, or finished.
/// 2. A job is reported when it is finished, and only then.
/// 3. There is a lane for every worker that stands in the scope, under its queue or as one that drains.
class campaign {
public:
  campaign(registry::coroutine_self self, registry::scope queues, submission what, registry::member observer);

  // -- Jobs

  /// The jobs that are to be placed. Closed when there will be none any more.
  [[nodiscard]] registry::channel<task_state*> waiting() const { return waiting_; }
  /// Something has changed that may allow to go on.
  [[nodiscard]] registry::channel<std::monostate> changes() const { return changes_; }
  /// Gives a job to a worker; false if none has room.
  bool place(task_state& one);
  /// The next job that this worker is to be asked for; none if it has been given no more.
  task_state* begin_next(lane& way);
  /// The worker has answered / has not.
  void finish(task_state& one, const outcome& came);
  void give_back(task_state& one, const registry::error& why);
  /// Nothing more is begun.
  void stop();
  /// Finishes all that is left, without having done it; returns how many.
  std::size_t cancel_rest(const std::string& why);

  // -- Workers

  /// Makes lanes for workers that are new, removes those of workers that are gone.
  void look_at_workers();
  /// Whether anybody may take jobs, perhaps later.
  [[nodiscard]] bool has_workers() const;

  [[nodiscard]] const submission& order() const noexcept { return order_; }
  [[nodiscard]] std::size_t under_way() const noexcept { return under_way_; }
  [[nodiscard]] bool stopping() const noexcept { return stopping_; }
  void report_progress() const;

private:
  void open_lane(const registry::entry& held, bool drains);
  void close_lane(lane& way);
  void take_back_unbegun(lane& from);
  void take_back_all_unbegun();
  void leave_lane(task_state& one);
  void wait_again(task_state& one);
  void report(task_state& one, job_result result);
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
  std::size_t under_way_ = 0;
  std::uint32_t turn_ = 0;
  bool stopping_ = false;
  // By handle: a worker that comes back after its node was lost has a new one, and the old one reaches nobody.
  std::map<registry::member, std::unique_ptr<lane>> lanes_;
};

} // namespace dispatch
