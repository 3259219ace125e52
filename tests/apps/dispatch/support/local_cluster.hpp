#pragma once

#include <dispatch/jobs/job.hpp>
#include <dispatch/program/collector.hpp>
#include <dispatch/program/local_node.hpp>
#include <dispatch/submitter/submitter.hpp>

#include <support/waiting.hpp>

#include <caf/scoped_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dispatch::testing {

inline constexpr const char* queue = "tests";

/// This many jobs to add numbers, with the ids from 1: the result of each is its id.
std::vector<job> sums(int count);
/// The same line for each id, with `{}` where the id stands.
std::vector<job> jobs_like(const std::string& line, int count);

submission to_submit(std::vector<job> jobs, strategy how = strategy::least);

/// The results of a submission, job by job.
struct account {
  summary sum;
  std::vector<job_report> results;

  /// Whether the ids from 1 to the number of jobs have one result each.
  [[nodiscard]] bool each_once() const;
  [[nodiscard]] std::size_t count(const std::string& status) const;
  /// How often a job was begun that had been begun before.
  [[nodiscard]] std::int64_t begun_again() const;
  [[nodiscard]] std::map<std::string, int> per_worker() const;
  /// The worker of each job.
  [[nodiscard]] std::map<std::int64_t, std::string> owners() const;
};

/// Some nodes in this process, which know of each other.
class local_cluster {
public:
  explicit local_cluster(std::size_t nodes);

  local_node& node(std::size_t i) { return *nodes_[i]; }
  /// Takes a node out, with its workers.
  void remove(std::size_t i) { nodes_[i].reset(); }
  caf::actor start_worker(std::size_t node, std::int64_t capacity);
  /// Eight workers: three, three and two. Returns when all nodes see them.
  std::vector<caf::actor> start_eight_workers(std::int64_t capacity);
  /// Waits until every node sees this many workers.
  void await_workers(std::size_t count);
  /// Submits from the first node; `on_result` is told of each result and how many there have been.
  account run(submission what, const std::function<void(const caf::actor& submitter, std::size_t so_far)>& on_result = {});

private:
  std::vector<std::unique_ptr<local_node>> nodes_;
};

using registry::testing::eventually;

} // namespace dispatch::testing
