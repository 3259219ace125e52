// Coroutine actors beside hand-written ones that do the same.

#include <bench/support/home.hpp>
#include <bench/support/stopwatch.hpp>

#include <support/memory.hpp>
#include <support/waiting.hpp>

#include <registry/actor/tell.hpp>
#include <registry/coro/channel.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/serve.hpp>
#include <registry/coro/spawn.hpp>

#include <benchmark/benchmark.h>
#include <caf/actor_registry.hpp>
#include <caf/event_based_actor.hpp>

#include <cstdint>
#include <latch>
#include <memory>

using namespace registry;
using namespace registry::bench;
using namespace registry::testing;

namespace {

constexpr std::chrono::seconds patience{60};

caf::behavior idle_server(caf::event_based_actor*) {
  return {[](std::int32_t x) { return x + 1; }};
}

/// One request after the other, each of which waits for the response to the one before.
struct chain {
  std::int32_t length;
  std::latch done{1};
};

/// The state of a hand-written client is what the continuations capture.
void ask_next(caf::event_based_actor* self, const caf::actor& server, chain* work, std::int32_t sent) {
  if (sent == work->length) {
    work->done.count_down();
    self->quit();
    return;
  }
  compat::request(self, server, patience, sent)
      .then([=](std::int32_t answer) { ask_next(self, server, work, answer); },
            [](const caf::error&) { must(error(errc::failed, "a request failed")); });
}

task<> ask_in_turn(coroutine_self self, caf::actor server, chain* work) {
  for (std::int32_t sent = 0; sent < work->length;) {
    const auto answer = co_await self.request<std::int32_t>(server, patience, sent);
    if (!answer)
      must(answer.error());
    sent = answer.value();
  }
  work->done.count_down();
}

task<> coroutine_server(coroutine_self self) {
  const auto answer = [](std::int32_t x) { return x + 1; };
  co_await serve(self, answer);
}

template <class Start>
void run_chains(benchmark::State& state, const caf::actor& server, Start start) {
  constexpr std::int32_t length = 100'000;
  for (auto _ : state) {
    chain work{length};
    const stopwatch time;
    start(server, work);
    work.done.wait();
    state.SetIterationTime(time.seconds());
  }
  state.SetItemsProcessed(state.iterations() * length);
  registry::kill(server);
}

void request_by_hand(benchmark::State& state) {
  auto& system = home::get().system();
  run_chains(state, system.spawn(idle_server), [&](const caf::actor& server, chain& work) {
    system.spawn([&work, server](caf::event_based_actor* self) { ask_next(self, server, &work, 0); });
  });
}

void request_awaited(benchmark::State& state) {
  auto& system = home::get().system();
  run_chains(state, system.spawn(idle_server),
             [&](const caf::actor& server, chain& work) { spawn_coroutine(system, ask_in_turn, server, &work); });
}

/// The same with a coroutine that answers, too.
void request_awaited_of_coroutine(benchmark::State& state) {
  auto& system = home::get().system();
  run_chains(state, spawn_coroutine(system, coroutine_server),
             [&](const caf::actor& server, chain& work) { spawn_coroutine(system, ask_in_turn, server, &work); });
}

// -- A ball between two ----------------------------------------------------------------------------------------------------

caf::behavior player_by_hand(caf::event_based_actor* self, caf::actor other, std::latch* done) {
  return {[=](std::int32_t left) {
            if (left == 0)
              done->count_down();
            else
              compat::send(self, other, left - 1);
          },
          // The first one learns of the second.
          [=](const caf::actor& partner) { self->become(player_by_hand(self, partner, done)); }};
}

task<> player(coroutine_self self, caf::actor other, std::latch* done) {
  if (!other)
    other = co_await self.receive<caf::actor>();
  for (;;) {
    const auto left = co_await self.receive<std::int32_t>();
    if (left == 0)
      done->count_down();
    else
      self.send(other, left - 1);
  }
}

template <class Spawn>
void play(benchmark::State& state, Spawn spawn) {
  constexpr std::int32_t messages = 1'000'000;
  for (auto _ : state) {
    std::latch done{1};
    const caf::actor first = spawn(caf::actor{}, &done);
    const caf::actor second = spawn(first, &done);
    registry::tell(first, second);
    const stopwatch time;
    registry::tell(first, messages);
    done.wait();
    state.SetIterationTime(time.seconds());
    registry::kill(first);
    registry::kill(second);
  }
  state.SetItemsProcessed(state.iterations() * messages);
}

void ping_pong_by_hand(benchmark::State& state) {
  play(state,
       [](const caf::actor& other, std::latch* done) { return home::get().system().spawn(player_by_hand, other, done); });
}

void ping_pong(benchmark::State& state) {
  play(state,
       [](const caf::actor& other, std::latch* done) { return spawn_coroutine(home::get().system(), player, other, done); });
}

// -- Many ------------------------------------------------------------------------------------------------------------------

task<> echo(coroutine_self self, std::latch* done) {
  for (;;) {
    static_cast<void>(co_await self.receive<std::int32_t>());
    done->count_down();
  }
}

caf::behavior echo_by_hand(caf::event_based_actor*, std::latch* done) {
  return {[done](std::int32_t) { done->count_down(); }};
}

/// Starts actors that wait for a message, and then sends one to each. All live until the end.
template <class Spawn>
void crowd_of(benchmark::State& state, Spawn spawn) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto at_rest = home::get().system().registry().running();
  for (auto _ : state) {
    const auto before = memory_in_use();
    std::latch ready(static_cast<std::ptrdiff_t>(count));
    std::vector<member> all(count);
    const stopwatch time;
    for (auto& who : all)
      who = registry::as_member(spawn(&ready));
    const auto spawned = time.seconds();
    for (const auto& who : all)
      registry::tell(who, std::int32_t{1});
    ready.wait();
    state.SetIterationTime(time.seconds());
    state.counters["spawns_per_second"] = static_cast<double>(count) / spawned;
    state.counters["bytes_per_actor"] = static_cast<double>(memory_in_use() - before) / static_cast<double>(count);
    for (const auto& who : all)
      registry::kill(who);
    time_until([at_rest] { return home::get().system().registry().running() <= at_rest; });
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}

void actors_by_hand(benchmark::State& state) {
  crowd_of(state, [](std::latch* done) { return home::get().system().spawn(echo_by_hand, done); });
}

void coroutine_actors(benchmark::State& state) {
  crowd_of(state, [](std::latch* done) { return spawn_coroutine(home::get().system(), echo, done); });
}

task<> wait_for_a_number(coroutine_self self) {
  static_cast<void>(co_await self.receive<std::int32_t>());
}

/// Starts children that all wait, and measures their memory.
task<> crowded(coroutine_self self, std::size_t count, double* bytes, std::latch* done) {
  nursery children{self};
  const auto before = memory_in_use();
  for (std::size_t i = 0; i < count; ++i)
    children.start(wait_for_a_number(self));
  co_await self.sleep_for(std::chrono::milliseconds{1});
  *bytes += (static_cast<double>(memory_in_use()) - static_cast<double>(before)) / static_cast<double>(count);
  done->count_down();
}

/// 100,000 coroutines of one actor, each suspended in `receive`.
void suspended_coroutines(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  double bytes = 0;
  for (auto _ : state) {
    static_cast<void>(memory_at_rest()); // the previous run's memory has been freed
    std::latch done{1};
    spawn_coroutine(home::get().system(), crowded, count, &bytes, &done);
    done.wait();
  }
  state.counters["bytes_per_coroutine"] = bytes / static_cast<double>(state.iterations());
}

// -- A channel -------------------------------------------------------------------------------------------------------------

task<> push_numbers(channel<std::int64_t> numbers, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const bool pushed = co_await numbers.push(i);
    if (!pushed)
      must(error(errc::failed, "the channel was closed too early"));
  }
  numbers.close();
}

struct passage {
  std::size_t capacity;
  std::int64_t count;
  double seconds = 0;
  std::latch done{1};
};

task<> pass_numbers(coroutine_self self, passage* work) {
  const stopwatch time;
  channel<std::int64_t> numbers{self, work->capacity};
  nursery children{self};
  children.start(push_numbers(numbers, work->count));
  std::int64_t sum = 0;
  while (const auto next = co_await numbers.next())
    sum += *next;
  work->seconds = time.seconds();
  if (sum != work->count * (work->count - 1) / 2)
    must(error(errc::failed, "the channel lost a number"));
  work->done.count_down();
}

/// One coroutine pushes, another one of the same actor takes.
void channel_of_one_actor(benchmark::State& state) {
  constexpr std::int64_t count = 1'000'000;
  for (auto _ : state) {
    passage work{static_cast<std::size_t>(state.range(0)), count};
    spawn_coroutine(home::get().system(), pass_numbers, &work);
    work.done.wait();
    state.SetIterationTime(work.seconds);
  }
  state.SetItemsProcessed(state.iterations() * count);
}

BENCHMARK(request_by_hand)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(request_awaited)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(request_awaited_of_coroutine)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(ping_pong_by_hand)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(ping_pong)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(actors_by_hand)->Arg(100'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(coroutine_actors)->Arg(100'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(suspended_coroutines)->Arg(100'000)->Iterations(1);
BENCHMARK(channel_of_one_actor)->Arg(1)->Arg(1'024)->UseManualTime()->Unit(benchmark::kMillisecond);

} // namespace
