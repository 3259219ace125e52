// One message to all members of a key, until the last of them has it.

#include <bench/support/home.hpp>
#include <bench/support/stopwatch.hpp>

#include <registry/actor/tell.hpp>
#include <registry/compat/actor.hpp>

#include <benchmark/benchmark.h>
#include <caf/event_based_actor.hpp>

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>

using namespace registry;
using namespace registry::bench;

namespace {

/// The state that the members and the dispatching actor share.
struct theatre {
  theatre(scope place, std::size_t size) : where(std::move(place)), members(size) {}

  scope where;
  std::size_t members;
  std::atomic<std::size_t> received{0};
};

/// The last receiver tells the sender.
caf::behavior receiver(caf::event_based_actor* self, const std::shared_ptr<theatre>& shared) {
  return {[self, shared](const member& from, std::int64_t) {
    if (shared->received.fetch_add(1) + 1 == shared->members)
      compat::send(self, caf::actor_cast<caf::actor>(from), std::int32_t{0});
  }};
}

struct samples {
  std::vector<double> sent;
  std::vector<double> received;
};

/// An actor that dispatches for some rounds, and then reports the time that they took.
caf::behavior sender(caf::event_based_actor* self, const std::shared_ptr<theatre>& shared, std::size_t rounds,
                     const std::shared_ptr<std::promise<samples>>& result) {
  struct round_times {
    samples taken;
    stopwatch since_round;
  };
  auto times = std::make_shared<round_times>();
  const auto start = [self, shared, times] {
    shared->received = 0;
    times->since_round = {};
    shared->where.dispatch("topic", dispatch_strategy::all(), registry::as_member(self), std::int64_t{1});
    times->taken.sent.push_back(times->since_round.seconds());
  };
  registry::tell(self, std::int64_t{0});
  return {[start](std::int64_t) { start(); },
          [=](std::int32_t) {
            times->taken.received.push_back(times->since_round.seconds());
            if (times->taken.received.size() < rounds)
              start();
            else
              result->set_value(std::move(times->taken));
          }};
}

void dispatch(benchmark::State& state) {
  auto& system = home::get().system();
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto rounds = count >= 10'000 ? 40U : 400U;
  const auto shared = std::make_shared<theatre>(home::get().open_scope(), count);
  std::vector<member> members;
  for (std::size_t i = 0; i < count; ++i) {
    members.push_back(registry::as_member(system.spawn(receiver, shared)));
    must(shared->where.join("topic", members.back(), object("a", 1)));
  }
  shared->where.flush();
  double sent = 0;
  for (auto _ : state) {
    const auto result = std::make_shared<std::promise<samples>>();
    members.push_back(registry::as_member(system.spawn(sender, shared, rounds, result)));
    const auto taken = result->get_future().get();
    state.SetIterationTime(median(taken.received));
    sent += median(taken.sent);
  }
  state.counters["sent_us"] = sent * 1e6 / static_cast<double>(state.iterations());
  for (const auto& who : members)
    registry::kill(who);
  home::get().close(shared->where);
}

BENCHMARK(dispatch)->Arg(1)->Arg(100)->Arg(1000)->Arg(10'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);

} // namespace
