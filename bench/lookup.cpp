// Lookups: alone, beside other readers, beside a writer.

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

/// The lower bound of a lookup: a hash map of one thread, and the reference count of the result.
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

/// Joins and leaves 1,024 keys in turn, until it is destroyed.
class busy_writer {
public:
  explicit busy_writer(populated& data) : thread_([this, &data](const std::stop_token& stop) { write(data, stop); }) {
    while (written() == 0) {
    }
  }
  [[nodiscard]] std::size_t written() const noexcept { return written_.load(std::memory_order_relaxed); }

private:
  void write(populated& data, const std::stop_token& stop) {
    std::vector<value> keys;
    for (std::size_t i = 0; i < 1024; ++i)
      keys.emplace_back("w:" + std::to_string(i));
    for (std::size_t i = 0; !stop.stop_requested(); ++i) {
      must(data.entries.join(keys[i % keys.size()], data.owners[0], sample_value(i)));
      must(data.entries.leave(keys[i % keys.size()], data.owners[0]));
      written_.fetch_add(2, std::memory_order_relaxed);
    }
  }

  std::atomic<std::size_t> written_{0};
  std::jthread thread_;
};

void read_beside(benchmark::State& state, populated& read_from, populated& write_to) {
  const busy_writer writer(write_to);
  const auto before = writer.written();
  read(state, read_from.entries, random_keys(entries_of(state)));
  state.counters["writes_per_second"] =
      benchmark::Counter(static_cast<double>(writer.written() - before), benchmark::Counter::kIsRate);
}

void lookup_beside_writer(benchmark::State& state) {
  auto& data = home::get().with_entries(entries_of(state));
  read_beside(state, data, data);
}

/// The writer has a scope of its own, so that it and the reader share the machine and nothing else.
void lookup_beside_stranger(benchmark::State& state) {
  const auto count = entries_of(state);
  read_beside(state, home::get().with_entries(count), home::get().with_entries(count, 100));
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
BENCHMARK(lookup_beside_stranger)->Arg(100'000)->UseRealTime();
BENCHMARK(lookup_missing)->Arg(100'000);
BENCHMARK(lookup_100_members);
BENCHMARK(lookup_100_members_visited);

} // namespace
