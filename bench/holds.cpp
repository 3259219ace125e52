// The time for which bulk work holds the lock of a scope's writers at once, which a join may have to wait for; in processor
// time.

#include <bench/support/crowd.hpp>
#include <bench/support/home.hpp>
#include <bench/support/must.hpp>
#include <bench/support/sample.hpp>
#include <bench/support/stopwatch.hpp>

#include <registry/store/store.hpp>

#include <benchmark/benchmark.h>

#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

using namespace registry;
using namespace registry::bench;

namespace {

double processor_seconds() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The holds of one lock.
class holds {
public:
  /// Calls `work`, which is done under the lock; with what a hold ends with.
  template <class Work>
  auto during(store& content, Work work) {
    garbage freed;
    const auto start = processor_seconds();
    const auto out = work();
    freed = content.collect();
    times_.push_back(processor_seconds() - start);
    return out;
  }
  void report(benchmark::State& state) const {
    state.SetIterationTime(std::accumulate(times_.begin(), times_.end(), 0.0));
    state.counters["longest_ms"] = *std::max_element(times_.begin(), times_.end()) * 1e3;
    state.counters["p99_9_ms"] = quantile(times_, 0.999) * 1e3;
    state.counters["holds"] = static_cast<double>(times_.size());
  }

private:
  std::vector<double> times_;
};

/// The number of keys under which the entries are; `large` ones have 4,096 each, the most that change at once.
enum class keys : std::uint8_t { one, large, own };

std::size_t number_of_keys(keys how, std::size_t entries) {
  switch (how) {
  case keys::one:
    return 1;
  case keys::large:
    return entries / 4096;
  case keys::own:
    return entries;
  }
  std::abort();
}

/// The entries of the members of another node.
struct foreign_content {
  foreign_content(keys how, std::size_t count, const crowd& members) {
    groups.resize(number_of_keys(how, count));
    for (std::size_t i = 0; i < groups.size(); ++i)
      groups[i].key = sample_key(i);
    for (std::size_t i = 0; i < count; ++i) {
      auto& [key, entries] = groups[i % groups.size()];
      const auto& one = entries.emplace_back(remote_entry{i + 1, members[i], sample_value(i)});
      digest.add(one.number, key, one.who, one.data);
    }
  }
  std::vector<remote_group> groups;
  content_digest digest;
};

/// Gives earlier free memory to the allocator now, so that neither we nor it put it in order in the first hold.
void settle(store& content) {
  static_cast<void>(content.collect_now());
  ::malloc_trim(0);
  for (std::size_t i = 0; i < 2000; ++i) // each sorts some thousand of the blocks that were freed
    benchmark::DoNotOptimize(std::make_unique<char[]>(5000 + 16 * i));
}

template <class Work>
void all_steps(store& content, Work& work, holds& times) {
  const auto step = [&] {
    content.step(work);
    return true;
  };
  if constexpr (requires { work.complete; }) {
    while (!work.complete)
      times.during(content, step);
  } else {
    for (auto next = content.prepare(work); next != store::stage::complete; next = content.prepare(work)) {
      if (next == store::stage::ready)
        times.during(content, step);
    }
  }
}

void leave_all(benchmark::State& state, keys how) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    store content{store_options{}};
    const crowd one(home::get().system(), 1);
    for (std::size_t i = 0; i < count; ++i)
      must(content.join(sample_key(i % number_of_keys(how, count)), std::span{&one[0], 1}, sample_value(i)));
    settle(content);
    holds times;
    store::departure leaving{one[0]};
    all_steps(content, leaving, times);
    times.report(state);
  }
}

void leave_key(benchmark::State& state, keys how) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    store content{store_options{}};
    const crowd some(home::get().system(), 1000);
    for (std::size_t i = 0; i < count; ++i)
      must(content.join(sample_key(i % number_of_keys(how, count)), std::span{&some[i], 1}, sample_value(i)));
    settle(content);
    holds times;
    for (std::size_t i = 0; i < number_of_keys(how, count); ++i) {
      store::vacation leaving{sample_key(i)};
      all_steps(content, leaving, times);
    }
    times.report(state);
  }
}

void install(benchmark::State& state, keys how) {
  const crowd members(home::get().system(), 1000);
  const foreign_content all(how, static_cast<std::size_t>(state.range(0)), members);
  for (auto _ : state) {
    store content{store_options{}};
    settle(content);
    holds times;
    const auto installing = content.begin_install(1, all.groups, all.digest);
    all_steps(content, *installing, times);
    times.report(state);
  }
}

void purge(benchmark::State& state, keys how, std::size_t member_count) {
  const crowd members(home::get().system(), member_count);
  const foreign_content all(how, static_cast<std::size_t>(state.range(0)), members);
  for (auto _ : state) {
    store content{store_options{}};
    content.install(1, all.groups, all.digest);
    settle(content);
    holds times;
    const auto leaving = content.begin_purge(1, reason::node_down);
    all_steps(content, *leaving, times);
    times.report(state);
  }
}

BENCHMARK_CAPTURE(leave_all, own_keys, keys::own)
    ->Arg(1'000'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(leave_all, large_keys, keys::large)
    ->Arg(73 * 4096)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(leave_all, one_key, keys::one)
    ->Arg(300'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(leave_key, large_keys, keys::large)
    ->Arg(73 * 4096)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(leave_key, one_key, keys::one)
    ->Arg(1'000'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(install, own_keys, keys::own)->Arg(300'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(install, large_keys, keys::large)
    ->Arg(73 * 4096)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(install, one_key, keys::one)->Arg(300'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(purge, own_keys_of_one, keys::own, 1)
    ->Arg(300'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(purge, own_keys_of_many, keys::own, 30'000)
    ->Arg(300'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(purge, large_keys, keys::large, 30'000)
    ->Arg(73 * 4096)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(purge, one_key, keys::one, 30'000)
    ->Arg(300'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

} // namespace
