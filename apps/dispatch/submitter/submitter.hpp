#pragma once

#include <dispatch/jobs/job.hpp>
#include <dispatch/submitter/choice.hpp>

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/member/member.hpp>
#include <registry/scope/scope.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace dispatch {

struct submission {
  std::string queue;
  std::vector<job> jobs;
  strategy how = strategy::least;
  /// The time limit of a worker for a job that it has begun, until it is told to end it and another worker gets it; also how long
  /// a worker may leave a question about a job that waits unanswered.
  std::chrono::milliseconds timeout = std::chrono::minutes{10};
  /// The time to wait for a worker while there is none.
  std::chrono::milliseconds patience = std::chrono::seconds{30};
  /// The greatest number of times that a job is begun.
  std::int64_t most_attempts = 5;
};

/// A coroutine actor that has jobs done by the workers of a queue. `observer` gets one `job_report` for every job, now and then a
/// `progress_report`, and last `submission_ended`.
///
/// A job is begun at least once and has exactly one result: it belongs to one lane at a time, which forgets it before another one
/// gets it, so a late answer is ignored. A worker has at most as many jobs of one submitter as it has places. Waiting there for
/// a place is no attempt. A worker is told of each job that is no longer wanted. After `stop` no job is begun, and those that
/// have not begun are cancelled.
registry::task<> submitter(registry::coroutine_self self, registry::scope queues, submission what,
                           registry::member observer);

} // namespace dispatch
