// Many members are ended at once, until the scope is empty. (Not by a link to one actor that ends, as in the peers' scripts:
// the time that CAF needs for that grows with the square of their number.)

#include <bench/support/home.hpp>
#include <bench/support/stopwatch.hpp>

#include <support/waiting.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>

#include <benchmark/benchmark.h>
#include <caf/event_based_actor.hpp>

#include <atomic>
#include <cstdint>
#include <thread>

using namespace registry;
using namespace registry::bench;
using namespace registry::testing;

namespace {

/// `key_of(i)` is the key of the i-th member.
template <class KeyOf>
void exit_at_once(benchmark::State& state, KeyOf key_of) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    auto where = home::get().open_scope();
    const crowd members(home::get().system(), count);
    for (std::size_t i = 0; i < count; ++i)
      must(where.join(key_of(i), members[i], sample_value(i)));
    where.flush();
    const stopwatch time;
    members.end();
    time_until([&] { return where.count() == 0; });
    state.SetIterationTime(time.seconds());
    home::get().close(where);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}

void exit_own_keys(benchmark::State& state) {
  exit_at_once(state, sample_key);
}

void exit_one_key(benchmark::State& state) {
  exit_at_once(state, [](std::size_t) { return value{"same"}; });
}

/// CAF alone: until all of the actors have sent their DOWN messages to one observer.
void exit_caf_alone(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const crowd members(home::get().system(), count);
    std::atomic<std::size_t> down{0};
    const auto observer = registry::as_member(home::get().system().spawn([&](caf::event_based_actor* self) -> caf::behavior {
      compat::on_down(self, [&](const caf::down_msg&) { down.fetch_add(1); });
      return {[](std::int32_t) {}};
    }));
    for (const auto& who : members.all())
      compat::monitor(who, observer);
    const stopwatch time;
    members.end();
    time_until([&] { return down.load() == count; });
    state.SetIterationTime(time.seconds());
    registry::kill(observer);
  }
}

/// The time of joins while 50,000 members end.
void join_behind_exits(benchmark::State& state) {
  constexpr std::size_t exits = 50'000;
  std::vector<double> taken;
  for (auto _ : state) {
    auto where = home::get().open_scope();
    const crowd self(home::get().system(), 1);
    const crowd members(home::get().system(), exits);
    for (std::size_t i = 0; i < exits; ++i)
      must(where.join(sample_key(i), members[i], sample_value(i)));
    where.flush();
    members.end();
    while (where.count() == exits)
      std::this_thread::yield();
    for (std::size_t i = 0; where.count() > 100; ++i) {
      const stopwatch time;
      must(where.join("late", self[0], sample_value(i)));
      taken.push_back(time.seconds());
      must(where.leave("late", self[0]));
      std::this_thread::yield();
    }
    state.SetIterationTime(quantile(taken, 0.99));
    home::get().close(where);
  }
  state.counters["joins"] = static_cast<double>(taken.size());
  state.counters["p50_us"] = median(taken) * 1e6;
  state.counters["p99_us"] = quantile(taken, 0.99) * 1e6;
  state.counters["max_us"] = quantile(taken, 1) * 1e6;
}

BENCHMARK(exit_own_keys)->Arg(10'000)->Arg(100'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(exit_one_key)->Arg(10'000)->Arg(100'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(exit_caf_alone)->Arg(100'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(join_behind_exits)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);

} // namespace
