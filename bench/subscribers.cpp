// A crowd of subscribers to one key, as the members of a chat room are.

#include <bench/support/home.hpp>
#include <bench/support/stopwatch.hpp>

#include <registry/actor/handle.hpp>
#include <registry/actor/tell.hpp>

#include <support/memory.hpp>
#include <support/processor_time.hpp>
#include <support/waiting.hpp>

#include <benchmark/benchmark.h>
#include <caf/event_based_actor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

using namespace registry;
using namespace registry::bench;
using namespace registry::testing;

namespace {

constexpr std::size_t rounds = 100;

/// What the subscribers of one crowd share.
struct audience {
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
  subscribed_crowd(scope where, std::size_t size) : where_(std::move(where)), shared_(std::make_shared<audience>()) {
    for (std::size_t i = 0; i < size; ++i)
      all_.push_back(registry::as_member(home::get().system().spawn(subscriber, shared_, i % 64 == 0)));
    // So that all of them have run, and the costs of the first message are not counted.
    tell(0);
    await(1);
    shared_->received = 0;
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
  /// Sends each of them a message.
  void tell(std::int32_t content) const {
    for (const auto& who : all_)
      registry::tell(who, content);
  }
  /// Waits until each of them has received that many events or messages.
  void await(std::size_t of_each) const {
    time_until([&] { return shared_->received == of_each * all_.size(); });
  }

  [[nodiscard]] audience& shared() const noexcept { return *shared_; }

private:
  scope where_;
  std::shared_ptr<audience> shared_;
  std::vector<member> all_;
};

/// The time and the processor time of each delivery.
class measurement {
public:
  void report(benchmark::State& state, std::size_t deliveries) const {
    const auto seconds = time_.seconds();
    const auto used = processor_time() - before_;
    state.SetIterationTime(seconds);
    state.counters["cpu_ns"] = used.count() * 1e9 / static_cast<double>(deliveries);
    state.counters["events_per_second"] = static_cast<double>(deliveries) / seconds;
  }

private:
  stopwatch time_;
  std::chrono::duration<double> before_ = processor_time();
};

/// 100 joins and 100 leaves, as fast as they are delivered.
void tell_crowd(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const crowd self(home::get().system(), 1);
  for (auto _ : state) {
    auto where = home::get().open_scope();
    const subscribed_crowd subscribers(where, size);
    subscribers.subscribe();
    const measurement taken;
    for (std::size_t i = 0; i < rounds; ++i) {
      must(where.join("room", self[0], static_cast<std::int64_t>(i)));
      subscribers.await(2 * i + 1);
      must(where.leave("room", self[0]));
      subscribers.await(2 * i + 2);
    }
    taken.report(state, 2 * rounds * size);
  }
}

/// The floor: messages of CAF to each of them instead, a fifth as many.
void tell_crowd_by_messages(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const subscribed_crowd actors(home::get().open_scope(), size);
    constexpr std::size_t messages = 2 * rounds / 5;
    const measurement taken;
    for (std::size_t i = 1; i <= messages; ++i) {
      actors.tell(0);
      actors.await(i);
    }
    taken.report(state, messages * size);
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

BENCHMARK(tell_crowd)->Arg(crowd_size)->UseManualTime()->Iterations(1)->Repetitions(2)->Unit(benchmark::kMillisecond);
BENCHMARK(tell_crowd_by_messages)
    ->Arg(crowd_size)
    ->UseManualTime()
    ->Iterations(1)
    ->Repetitions(2)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(tell_crowd_at_ease)->Arg(crowd_size)->Iterations(1)->Repetitions(1)->Unit(benchmark::kMillisecond);

} // namespace
