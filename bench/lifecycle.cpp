// The costs of the start of a node, and of an idle one.

#include <bench/cluster/local.hpp>
#include <bench/cluster/nodes.hpp>
#include <bench/support/stopwatch.hpp>

#include <support/waiting.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace registry;
using namespace registry::bench;
using namespace registry::testing;

namespace {

/// Starts the actor system, the node, which listens, and a scope.
void start_node(benchmark::State& state) {
  for (auto _ : state) {
    const stopwatch time;
    const local_node started;
    state.SetIterationTime(time.seconds());
  }
}

/// The processor time of each of three idle linked nodes with 100,000 entries together.
void idle_cluster(benchmark::State& state) {
  constexpr int duration = 10'000;
  for (auto _ : state) {
    const auto nodes = cluster_tests::cluster_of(3, default_launch());
    for (std::size_t i = 0; i < nodes.size(); ++i)
      populate(*nodes[i], std::to_string(i) + "-", i == 0 ? 33'334 : 33'333);
    for (const auto& x : nodes)
      wait_count(*x, 100'000);
    outlast(std::chrono::seconds{1});
    std::vector<std::int64_t> before;
    for (const auto& x : nodes)
      before.push_back(processor_time(*x));
    outlast(std::chrono::milliseconds{duration});
    double most = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const auto microseconds = static_cast<double>(processor_time(*nodes[i]) - before[i]);
      most = std::max(most, microseconds / (duration * 1e3) * 100);
    }
    state.counters["percent_of_a_core"] = most;
  }
}

BENCHMARK(start_node)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);
BENCHMARK(idle_cluster)->Iterations(1)->Repetitions(2)->Unit(benchmark::kMillisecond);

} // namespace
