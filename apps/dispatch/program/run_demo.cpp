#include <dispatch/jobs/job.hpp>
#include <dispatch/program/collector.hpp>
#include <dispatch/program/commands.hpp>
#include <dispatch/program/local_node.hpp>
#include <dispatch/program/progress.hpp>

#include <registry/actor/handle.hpp>

#include <caf/scoped_actor.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace dispatch {

namespace {

constexpr const char* queue = "demo";
constexpr int jobs = 400;
constexpr std::array<int, 3> workers_of_nodes{3, 3, 2};

std::vector<job> demo_jobs() {
  std::stringstream lines;
  for (int i = 1; i <= jobs; ++i) {
    if (i % 4 == 0)
      lines << fmt::format(R"({{"id": {}, "command": ["/bin/echo", "job {}"]}})", i, i) << '\n';
    else
      lines << fmt::format(R"({{"id": {}, "work": "sleep", "ms": {}}})", i, 20 + i % 7 * 40) << '\n';
  }
  return read_jobs(lines, "demo").value();
}

struct cluster {
  std::vector<std::unique_ptr<local_node>> nodes;
  std::vector<caf::actor> workers;
};

cluster start_cluster() {
  cluster out;
  for (const auto count : workers_of_nodes) {
    std::vector<std::string> seeds;
    if (!out.nodes.empty())
      seeds.push_back(out.nodes.front()->address());
    auto& node = *out.nodes.emplace_back(std::make_unique<local_node>(seeds));
    fmt::print("node {}: {} workers\n", node.address(), count);
    for (int i = 0; i < count; ++i)
      out.workers.push_back(node.start_worker(queue, 4));
  }
  return out;
}

/// The sum of the results.
struct account {
  std::multiset<std::int64_t> ids;
  std::map<std::string, int> per_worker;
  int again = 0;

  void add(const job_report& x) {
    ids.insert(x.id.as_integer().value_or(0));
    ++per_worker[x.worker];
    again += x.attempts > 1 ? 1 : 0;
  }
  [[nodiscard]] bool each_once() const {
    return ids.size() == jobs && std::set<std::int64_t>{ids.begin(), ids.end()}.size() == jobs;
  }
};

} // namespace

int run_demo() {
  auto all = start_cluster();
  auto& first = *all.nodes.front();
  caf::scoped_actor self{first.system()};
  submission what;
  what.queue = queue;
  what.jobs = demo_jobs();
  fmt::print("{} jobs, some that sleep and some that run /bin/echo; a worker is killed in the middle\n", jobs);
  std::fflush(stdout);
  const auto submitter = first.start_submitter(what, registry::as_member(self));
  progress shown{::isatty(STDERR_FILENO) != 0, std::chrono::steady_clock::now()};
  account seen;
  const auto on_result = [&](const job_report& x) {
    seen.add(x);
    if (seen.ids.size() == jobs / 2) {
      fmt::print(stderr, "\n{} jobs are done: a worker of node {} is killed\n", jobs / 2, all.nodes[1]->address());
      registry::kill(all.workers[3]);
    }
  };
  const auto done = collect(self, submitter, jobs, on_result, [&](const tally& now) {
    if (const auto text = shown.update(now, std::chrono::steady_clock::now()))
      fmt::print(stderr, "{}", *text);
  });
  fmt::print(stderr, "{}", shown.finish(done.counts, std::chrono::steady_clock::now()));
  for (const auto& [worker, count] : seen.per_worker)
    fmt::print("  {:<24} {:>4} jobs\n", worker, count);
  fmt::print("{} jobs were begun again. Each job has exactly one result: {}. All succeeded: {}.\n", seen.again,
             seen.each_once() ? "yes" : "no", done.all_succeeded() ? "yes" : "no");
  return seen.each_once() && done.all_succeeded() ? support::succeeded : support::failed;
}

} // namespace dispatch
