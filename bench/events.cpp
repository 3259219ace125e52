// One writer, and subscribers to the whole scope until all of them have all events.

#include <bench/support/home.hpp>
#include <bench/support/stopwatch.hpp>

#include <registry/actor/handle.hpp>

#include <benchmark/benchmark.h>
#include <caf/event_based_actor.hpp>

#include <cstdint>
#include <latch>

using namespace registry;
using namespace registry::bench;

namespace {

caf::behavior subscriber(caf::event_based_actor*, std::latch* done, std::size_t expected) {
  return {[done, left = expected](const events& pending) mutable {
    const auto batch = pending.take();
    if (batch.lagged)
      must(error(errc::failed, "a subscriber lagged"));
    left -= batch.changes.size();
    if (left == 0)
      done->count_down();
  }};
}

void deliver_events(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::size_t changes = count == 1 ? 40'000 : 4'000;
  const crowd self(home::get().system(), 1);
  for (auto _ : state) {
    auto where = home::get().open_scope();
    std::latch done(static_cast<std::ptrdiff_t>(count));
    std::vector<member> subscribers;
    for (std::size_t i = 0; i < count; ++i) {
      subscribers.push_back(registry::as_member(home::get().system().spawn(subscriber, &done, changes)));
      if (!where.monitor_scope(subscribers.back()))
        state.SkipWithError("cannot subscribe");
    }
    const stopwatch time;
    for (std::size_t i = 0; i < changes / 2; ++i) {
      must(where.join("ev", self[0], static_cast<std::int64_t>(i)));
      must(where.leave("ev", self[0]));
    }
    done.wait();
    state.SetIterationTime(time.seconds());
    for (const auto& who : subscribers)
      registry::kill(who);
    home::get().close(where);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(changes * count));
}

BENCHMARK(deliver_events)->Arg(1)->Arg(100)->UseManualTime()->Unit(benchmark::kMillisecond);

} // namespace
