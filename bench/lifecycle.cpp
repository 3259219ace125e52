// What it costs to start a node, and to have it.

#include <bench/cluster/local.hpp>
#include <bench/cluster/remote.hpp>
#include <bench/support/stopwatch.hpp>
#include <bench/support/waiting.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>

using namespace registry;
using namespace registry::bench;

namespace {

/// The actor system, the node, which listens, and a scope.
void start_node(benchmark::State& state) {
  for (auto _ : state) {
    const stopwatch time;
    const local_node started;
    state.SetIterationTime(time.seconds());
  }
}

/// The processor time that each of three linked nodes takes while nothing happens; they have 100,000 entries together.
void idle_cluster(benchmark::State& state) {
  constexpr int duration = 10'000;
  for (auto _ : state) {
    std::vector<std::unique_ptr<remote>> nodes;
    for (int i = 0; i < 3; ++i) {
      std::vector<std::string> options{"listen=127.0.0.1:0"};
      if (i > 0)
        options.push_back("seeds=[\"" + nodes[0]->address() + "\"]");
      nodes.push_back(std::make_unique<remote>(options));
      nodes.back()->ask("open");
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      nodes[i]->ask("linked 2");
      nodes[i]->ask("populate " + std::to_string(i) + "- " + (i == 0 ? "33334" : "33333"));
    }
    std::vector<std::int64_t> before;
    for (const auto& x : nodes)
      x->ask("wait 100000");
    let_pass(std::chrono::seconds{1});
    for (const auto& x : nodes)
      before.push_back(x->ask_number("cpu"));
    let_pass(std::chrono::milliseconds{duration});
    double most = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const auto microseconds = static_cast<double>(nodes[i]->ask_number("cpu") - before[i]);
      most = std::max(most, microseconds / (duration * 1e3) * 100);
    }
    state.counters["percent_of_a_core"] = most;
  }
}

BENCHMARK(start_node)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);
BENCHMARK(idle_cluster)->Iterations(1)->Repetitions(2)->Unit(benchmark::kMillisecond);

} // namespace
