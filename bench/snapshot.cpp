// Views of a whole scope.

#include <bench/support/home.hpp>

#include <benchmark/benchmark.h>

using namespace registry;
using namespace registry::bench;

namespace {

scope& entries_of(const benchmark::State& state) {
  return home::get().with_entries(static_cast<std::size_t>(state.range(0))).entries;
}

void groups(benchmark::State& state) {
  const auto& where = entries_of(state);
  for (auto _ : state)
    benchmark::DoNotOptimize(where.keys());
}

void snapshot(benchmark::State& state) {
  const auto& where = entries_of(state);
  for (auto _ : state)
    benchmark::DoNotOptimize(where.snapshot());
}

void snapshot_visited(benchmark::State& state) {
  const auto& where = entries_of(state);
  for (auto _ : state) {
    std::size_t entries = 0;
    where.snapshot().for_each([&](const value&, const group& held) {
      for (const auto& x : held) {
        benchmark::DoNotOptimize(x.who.get());
        ++entries;
      }
    });
    if (entries != where.count()) {
      state.SkipWithError("entries are missing");
      break;
    }
  }
}

BENCHMARK(groups)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(snapshot)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(snapshot_visited)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

} // namespace
