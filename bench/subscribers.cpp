// A crowd of subscribers to one key, as the members of a chat room are.

#include <bench/support/home.hpp>
#include <bench/support/stopwatch.hpp>

#include <registry/actor/handle.hpp>
#include <registry/actor/tell.hpp>

#include <support/memory.hpp>
#include <support/waiting.hpp>

#include <benchmark/benchmark.h>
#include <caf/event_based_actor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <latch>
#include <memory>
#include <mutex>
#include <vector>

using namespace registry;
using namespace registry::bench;
using namespace registry::testing;

namespace {

constexpr int rounds = 100;

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// What the subscribers of one crowd share.
struct audience {
  explicit audience(std::size_t size) : all(size) {}

  std::size_t all;
  std::atomic<std::size_t> received{0};
  std::atomic<std::int64_t> changed_at{0};
  std::mutex lock;
  std::vector<double> lags; // seconds, of every 64th subscriber
};

caf::behavior subscriber(caf::event_based_actor*, const std::shared_ptr<audience>& shared, bool is_sample) {
  return {[shared, is_sample](const events& pending) {
            const auto batch = pending.take();
            if (batch.lagged)
              must(error(errc::failed, "a subscriber lagged"));
            if (is_sample) {
              const auto lag = static_cast<double>(nanoseconds_now() - shared->changed_at) * 1e-9;
              const std::lock_guard guard(shared->lock);
              shared->lags.push_back(lag);
            }
            shared->received += batch.changes.size();
          },
          [shared](std::int32_t) { ++shared->received; }};
}

/// Actors that subscribe to the key `room` of a scope.
class subscribed_crowd {
public:
  subscribed_crowd(scope where, std::size_t size) : where_(std::move(where)), shared_(std::make_shared<audience>(size)) {
    for (std::size_t i = 0; i < size; ++i)
      all_.push_back(registry::as_member(home::get().system().spawn(subscriber, shared_, i % 64 == 0)));
  }
  subscribed_crowd(const subscribed_crowd&) = delete;
  subscribed_crowd& operator=(const subscribed_crowd&) = delete;
  ~subscribed_crowd() {
    for (const auto& who : all_)
      registry::kill(who);
    home::get().close(where_);
  }

  void subscribe() const {
    for (const auto& who : all_) {
      if (const auto started = where_.monitor("room", who); !started)
        must(started.error());
    }
  }
  /// Waits until each of them has received that many events or messages.
  void await(std::size_t of_each) const {
    time_until([&] { return shared_->received == of_each * all_.size(); });
  }

  [[nodiscard]] const std::vector<member>& all() const noexcept { return all_; }
  [[nodiscard]] audience& shared() const noexcept { return *shared_; }

private:
  scope where_;
  std::shared_ptr<audience> shared_;
  std::vector<member> all_;
};

/// 100 joins and 100 leaves, as fast as they are delivered.
void tell_crowd(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const crowd self(home::get().system(), 1);
  for (auto _ : state) {
    auto where = home::get().open_scope();
    const subscribed_crowd subscribers(where, size);
    subscribers.subscribe();
    const stopwatch time;
    const auto before = processor_seconds();
    for (std::size_t i = 0; i < rounds; ++i) {
      must(where.join("room", self[0], static_cast<std::int64_t>(i)));
      subscribers.await(2 * i + 1);
      must(where.leave("room", self[0]));
      subscribers.await(2 * i + 2);
    }
    const auto deliveries = static_cast<double>(2 * rounds * size);
    state.SetIterationTime(time.seconds());
    state.counters["cpu_ns"] = (processor_seconds() - before) * 1e9 / deliveries;
    state.counters["events_per_second"] = deliveries / time.seconds();
  }
}

/// The floor: messages of CAF to each of them instead, a fifth as many.
void tell_crowd_by_messages(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const subscribed_crowd actors(home::get().open_scope(), size);
    const stopwatch time;
    const auto before = processor_seconds();
    constexpr std::int32_t messages = 2 * rounds / 5;
    for (std::int32_t i = 0; i < messages; ++i) {
      for (const auto& who : actors.all())
        registry::tell(who, i);
      actors.await(static_cast<std::size_t>(i) + 1);
    }
    const auto deliveries = static_cast<double>(messages) * static_cast<double>(size);
    state.SetIterationTime(time.seconds());
    state.counters["cpu_ns"] = (processor_seconds() - before) * 1e9 / deliveries;
    state.counters["events_per_second"] = deliveries / time.seconds();
  }
}

/// One join and one leave a second, for a minute.
void tell_crowd_at_ease(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const crowd self(home::get().system(), 1);
  for (auto _ : state) {
    auto where = home::get().open_scope();
    const subscribed_crowd subscribers(where, size);
    auto& shared = subscribers.shared();
    subscribers.await(0);
    where.flush();
    const auto bare = memory_at_rest();
    subscribers.subscribe();
    where.flush();
    const auto subscribed = memory_at_rest();
    for (std::size_t i = 0; i < 60; ++i) {
      outlast(std::chrono::milliseconds{500});
      shared.changed_at = nanoseconds_now();
      must(where.join("room", self[0], static_cast<std::int64_t>(i)));
      subscribers.await(2 * i + 1);
      outlast(std::chrono::milliseconds{500});
      shared.changed_at = nanoseconds_now();
      must(where.leave("room", self[0]));
      subscribers.await(2 * i + 2);
    }
    state.counters["p50_ms"] = median(shared.lags) * 1e3;
    state.counters["p99_ms"] = quantile(shared.lags, 0.99) * 1e3;
    state.counters["bytes_per_subscriber"] =
        (static_cast<double>(subscribed) - static_cast<double>(bare)) / static_cast<double>(size);
  }
}

constexpr std::int64_t crowd_size = 150'000;

BENCHMARK(tell_crowd)->Arg(crowd_size)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(tell_crowd_by_messages)->Arg(crowd_size)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(tell_crowd_at_ease)->Arg(crowd_size)->Iterations(1)->Repetitions(1)->Unit(benchmark::kMillisecond);

} // namespace
