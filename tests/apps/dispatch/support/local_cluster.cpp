#include <apps/dispatch/support/local_cluster.hpp>

#include <registry/actor/handle.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <utility>

namespace dispatch::testing {

std::vector<job> jobs_like(const std::string& line, int count) {
  std::stringstream lines;
  for (int i = 1; i <= count; ++i) {
    auto one = line;
    for (auto at = one.find("{}"); at != std::string::npos; at = one.find("{}"))
      one.replace(at, 2, std::to_string(i));
    lines << one << '\n';
  }
  auto out = read_jobs(lines, "test");
  if (!out)
    FAIL(out.error().message());
  return std::move(out).value();
}

std::vector<job> sums(int count) {
  return jobs_like(R"({"id": {}, "work": "sum", "numbers": [{}, 1, -1]})", count);
}

submission to_submit(std::vector<job> jobs, strategy how) {
  submission out;
  out.queue = queue;
  out.jobs = std::move(jobs);
  out.how = how;
  return out;
}

bool account::each_once() const {
  std::set<std::int64_t> ids;
  for (const auto& x : results)
    ids.insert(x.id.as_integer().value_or(0));
  return results.size() == sum.counts.total && ids.size() == sum.counts.total && *ids.begin() == 1 &&
         *ids.rbegin() == static_cast<std::int64_t>(sum.counts.total);
}

std::size_t account::count(const std::string& status) const {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(), [&](const job_report& x) { return x.status == status; }));
}

std::int64_t account::begun_again() const {
  std::int64_t out = 0;
  for (const auto& x : results)
    out += std::max<std::int64_t>(x.attempts - 1, 0);
  return out;
}

std::map<std::string, int> account::per_worker() const {
  std::map<std::string, int> out;
  for (const auto& x : results)
    ++out[x.worker];
  return out;
}

std::map<std::int64_t, std::string> account::owners() const {
  std::map<std::int64_t, std::string> out;
  for (const auto& x : results)
    out[x.id.as_integer().value_or(0)] = x.worker;
  return out;
}

local_cluster::local_cluster(std::size_t nodes) {
  for (std::size_t i = 0; i < nodes; ++i) {
    std::vector<std::string> seeds;
    if (i > 0)
      seeds.push_back(nodes_.front()->address());
    nodes_.push_back(std::make_unique<local_node>(seeds));
  }
}

caf::actor local_cluster::start_worker(std::size_t node, std::int64_t capacity) {
  return nodes_[node]->start_worker(queue, capacity);
}

std::vector<caf::actor> local_cluster::start_eight_workers(std::int64_t capacity) {
  constexpr std::array<std::size_t, 8> where{0, 0, 0, 1, 1, 1, 2, 2};
  std::vector<caf::actor> out;
  for (const auto node : where)
    out.push_back(start_worker(node, capacity));
  await_workers(out.size());
  return out;
}

void local_cluster::await_workers(std::size_t count) {
  for (const auto& each : nodes_)
    REQUIRE(eventually([&] { return !each || each->queues().count(queue) == count; }));
}

account local_cluster::run(submission what, const std::function<void(const caf::actor&, std::size_t)>& on_result) {
  account out;
  const auto total = what.jobs.size();
  caf::scoped_actor self{nodes_.front()->system()};
  const auto submitter = nodes_.front()->start_submitter(std::move(what), registry::as_member(self));
  const auto note = [&](const job_report& x) {
    out.results.push_back(x);
    if (on_result)
      on_result(submitter, out.results.size());
  };
  out.sum = collect(self, submitter, total, note, [](const tally&) {});
  return out;
}

} // namespace dispatch::testing
