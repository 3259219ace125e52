// Writing in a steady state: an actor joins and leaves, or updates its entry.

#include <bench/support/home.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>

using namespace registry;
using namespace registry::bench;

namespace {

void join_and_leave(benchmark::State& state, scope& where, const value& key) {
  const crowd self(home::get().system(), 1);
  const auto data = sample_value(1);
  for (auto _ : state) {
    must(where.join(key, self[0], data));
    must(where.leave(key, self[0]));
  }
  state.SetItemsProcessed(state.iterations());
}

/// A key of its own, in a scope with other entries.
void churn(benchmark::State& state) {
  join_and_leave(state, home::get().with_entries(static_cast<std::size_t>(state.range(0))).entries, "churn");
}

/// A key that many others hold, too.
void churn_in_group(benchmark::State& state) {
  const auto others = static_cast<std::size_t>(state.range(0));
  const auto count = std::max<std::size_t>(others, 100'000);
  join_and_leave(state, home::get().with_entries(count, others).entries, sample_key(0));
}

void update_in(benchmark::State& state, scope& where, const value& key) {
  const crowd self(home::get().system(), 1);
  must(where.join(key, self[0], sample_value(0)));
  std::size_t i = 0;
  for (auto _ : state)
    must(where.update_value(key, self[0], sample_value(++i)));
  must(where.leave(key, self[0]));
  state.SetItemsProcessed(state.iterations());
}

void update_value(benchmark::State& state) {
  update_in(state, home::get().with_entries(100'000).entries, "upd");
}

void update_value_in_group(benchmark::State& state) {
  const auto others = static_cast<std::size_t>(state.range(0));
  update_in(state, home::get().with_entries(100'000, others).entries, sample_key(0));
}

BENCHMARK(churn)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->UseRealTime();
BENCHMARK(churn_in_group)->Arg(10)->Arg(100)->Arg(150'000)->UseRealTime();
BENCHMARK(update_value)->UseRealTime();
BENCHMARK(update_value_in_group)->Arg(1000)->UseRealTime();

} // namespace
