// Filling an empty scope. `settled` is the rate until all later work, such as monitoring the members, is done. A join has
// taken effect when its call returns.

#include <bench/support/home.hpp>
#include <bench/support/stopwatch.hpp>

#include <registry/actor/tell.hpp>

#include <benchmark/benchmark.h>
#include <caf/event_based_actor.hpp>

#include <cstdint>
#include <latch>

using namespace registry;
using namespace registry::bench;

namespace {

/// Measures `fill(scope&)`, which joins `count` entries.
template <class Fill>
void fill_scope(benchmark::State& state, std::size_t count, Fill fill) {
  double settled = 0;
  for (auto _ : state) {
    auto where = home::get().open_scope();
    const stopwatch time;
    fill(where);
    state.SetIterationTime(time.seconds());
    where.flush();
    settled += time.seconds();
    if (where.count() != count)
      state.SkipWithError("entries are missing");
    home::get().close(where);
  }
  const auto all = static_cast<double>(state.iterations()) * static_cast<double>(count);
  state.SetItemsProcessed(static_cast<std::int64_t>(all));
  state.counters["settled"] = all / settled;
}

void join_by_one(benchmark::State& state, std::size_t members) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const crowd owners(home::get().system(), members);
  const auto keys = sample_keys(count);
  const auto data = sample_value(1);
  fill_scope(state, count, [&](scope& where) {
    for (std::size_t i = 0; i < count; ++i)
      must(where.join(keys[i], owners[i], data));
  });
}

void join_self(benchmark::State& state) {
  join_by_one(state, 1);
}

void join_distinct(benchmark::State& state) {
  join_by_one(state, static_cast<std::size_t>(state.range(0)));
}

/// 100 actors that join at once, each for itself.
void join_100_callers(benchmark::State& state) {
  constexpr std::size_t callers = 100;
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<std::vector<value>> keys(callers);
  for (std::size_t i = 0; i < count; ++i)
    keys[i % callers].push_back(sample_key(i));
  std::vector<member> started;
  fill_scope(state, count, [&](scope& where) {
    std::latch done{callers};
    for (const auto& mine : keys) {
      auto join_all = [&mine, &where, &done](caf::event_based_actor* self) -> caf::behavior {
        return {[&mine, &where, &done, self](std::int32_t shard) {
          const auto data = sample_value(static_cast<std::size_t>(shard));
          for (const auto& key : mine)
            must(where.join(key, self, data));
          done.count_down();
        }};
      };
      started.push_back(registry::as_member(home::get().system().spawn(join_all)));
    }
    for (std::size_t i = started.size() - callers; i < started.size(); ++i)
      registry::tell(started[i], static_cast<std::int32_t>(i));
    done.wait();
  });
  for (const auto& who : started)
    registry::kill(who);
}

BENCHMARK(join_self)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(join_distinct)->Arg(100'000)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(join_100_callers)->Arg(100'000)->UseManualTime()->Unit(benchmark::kMillisecond);

} // namespace
