// Reading: what a lookup costs, alone, beside other readers, beside a writer.

#include <bench/support/home.hpp>

#include <benchmark/benchmark.h>
#include <boost/unordered/unordered_flat_map.hpp>

#include <atomic>
#include <thread>

using namespace registry;
using namespace registry::bench;

namespace {

std::size_t entries_of(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

void read(benchmark::State& state, const scope& from, random_keys keys) {
  for (auto _ : state)
    benchmark::DoNotOptimize(from.lookup(keys.next()));
  state.SetItemsProcessed(state.iterations());
}

void lookup(benchmark::State& state) {
  const auto count = entries_of(state);
  read(state, home::get().with_entries(count).entries, random_keys(count));
}

/// The least that a lookup could cost: a hash map that nobody else uses, and the reference count of what was found.
void lookup_flat_map(benchmark::State& state) {
  const auto count = entries_of(state);
  boost::unordered_flat_map<value, group, strict_hash, strict_equal> map;
  map.reserve(count);
  home::get().with_entries(count).entries.snapshot().for_each(
      [&](const value& key, const group& entries) { map.emplace(key, entries); });
  random_keys keys(count);
  for (auto _ : state) {
    const auto found = map.find(keys.next());
    benchmark::DoNotOptimize(found == map.end() ? group{} : found->second);
  }
  state.SetItemsProcessed(state.iterations());
}

void lookup_missing(benchmark::State& state) {
  const auto& from = home::get().with_entries(entries_of(state)).entries;
  std::vector<value> keys;
  for (std::size_t i = 1; i <= 4096; ++i)
    keys.emplace_back("miss:" + std::to_string(i));
  std::size_t turn = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(from.lookup(keys[turn++ % keys.size()]));
  state.SetItemsProcessed(state.iterations());
}

/// Another thread joins and leaves 1,024 keys in turn meanwhile.
void lookup_beside_writer(benchmark::State& state) {
  const auto count = entries_of(state);
  auto& data = home::get().with_entries(count);
  std::atomic<std::size_t> written{0};
  std::jthread writer([&](const std::stop_token& stop) {
    std::vector<value> keys;
    for (std::size_t i = 0; i < 1024; ++i)
      keys.emplace_back("w:" + std::to_string(i));
    for (std::size_t i = 0; !stop.stop_requested(); ++i) {
      must(data.entries.join(keys[i % keys.size()], data.owners[0], sample_value(i)));
      must(data.entries.leave(keys[i % keys.size()], data.owners[0]));
      written.fetch_add(2, std::memory_order_relaxed);
    }
  });
  while (written.load(std::memory_order_relaxed) == 0) {
  }
  const auto before = written.load(std::memory_order_relaxed);
  read(state, data.entries, random_keys(count));
  state.counters["writes_per_second"] =
      benchmark::Counter(static_cast<double>(written.load() - before), benchmark::Counter::kIsRate);
}

void lookup_100_members(benchmark::State& state) {
  constexpr std::size_t count = 100'000;
  read(state, home::get().with_entries(count, 100).entries, random_keys(count / 100));
}

void lookup_100_members_visited(benchmark::State& state) {
  constexpr std::size_t count = 100'000;
  const auto& from = home::get().with_entries(count, 100).entries;
  random_keys keys(count / 100);
  for (auto _ : state) {
    const auto found = from.lookup(keys.next());
    for (const auto& held : found)
      benchmark::DoNotOptimize(held.who.get());
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(lookup)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(lookup_flat_map)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(lookup)->Arg(100'000)->Threads(2)->UseRealTime();
BENCHMARK(lookup_beside_writer)->Arg(100'000)->UseRealTime();
BENCHMARK(lookup_missing)->Arg(100'000);
BENCHMARK(lookup_100_members);
BENCHMARK(lookup_100_members_visited);

} // namespace
