// The time from a join on one node to the event on another, and that of a byte on the same way.

#include <bench/cluster/local.hpp>
#include <bench/cluster/nodes.hpp>
#include <bench/support/crowd.hpp>
#include <bench/support/must.hpp>
#include <bench/support/sample.hpp>
#include <bench/support/stopwatch.hpp>

#include <support/one_core.hpp>
#include <support/waiting.hpp>

#include <registry/actor/tell.hpp>

#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <caf/event_based_actor.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <optional>
#include <semaphore>
#include <string>

using namespace registry;
using namespace registry::bench;
using namespace registry::testing;

namespace {

/// How many there are, and the pause before every `each`-th one.
struct pacing {
  int samples;
  int each;
  std::chrono::milliseconds pause;
};

constexpr pacing that_of_the_peers{2000, 8, std::chrono::milliseconds{1}};

/// `send(i)` sends, `arrived()` waits for the arrival and returns its time in nanoseconds. The first ones, a twentieth, are not
/// counted.
template <class Send, class Arrived>
void one_way(benchmark::State& state, Send send, Arrived arrived, pacing how = that_of_the_peers) {
  for (auto _ : state) {
    std::vector<double> taken;
    for (int i = 1; i <= how.samples; ++i) {
      if (i % how.each == 0)
        outlast(how.pause);
      const auto start = nanoseconds_now();
      send(i);
      taken.push_back(static_cast<double>(arrived() - start) * 1e-9);
    }
    taken.erase(taken.begin(), taken.begin() + how.samples / 20);
    state.SetIterationTime(median(taken));
    state.counters["p50_us"] = median(taken) * 1e6;
    state.counters["p99_us"] = quantile(taken, 0.99) * 1e6;
  }
}

/// The time in the next report of the other process.
std::int64_t time_seen(remote_node& there) {
  return cluster_tests::number(there.finish(), "seen");
}

/// A node here, linked with one in another process that reports every join.
struct watched_node {
  explicit watched_node(const std::string& secret = {})
      : here(secret), there(default_launch({*here.home.address()}, {object("do", "open")}, secret)) {
    wait_links(there, 1);
    there.ask(object("do", "report_joins"));
    must(here.rooms.wait_replicated(std::chrono::seconds{60}));
  }
  void join(int i) { must(here.rooms.join("lat" + std::to_string(i), self[0], sample_value(static_cast<std::size_t>(i)))); }

  local_node here;
  remote_node there;
  crowd self{here.system, 1};
};

void join_until_event_elsewhere(benchmark::State& state) {
  watched_node watched;
  one_way(state, [&](int i) { watched.join(i); }, [&] { return time_seen(watched.there); });
}

void join_until_event_elsewhere_encrypted(benchmark::State& state) {
  watched_node watched(cluster_secret);
  one_way(state, [&](int i) { watched.join(i); }, [&] { return time_seen(watched.there); });
}

/// One join every so many milliseconds, so that whoever polls has gone back to sleep.
void join_until_event_elsewhere_paced(benchmark::State& state) {
  const std::chrono::milliseconds pause{state.range(0)};
  const auto count = static_cast<int>(std::chrono::seconds{2} / pause);
  watched_node watched;
  const auto before = processor_time(watched.there);
  one_way(state, [&](int i) { watched.join(i); }, [&] { return time_seen(watched.there); }, {count, 1, pause});
  state.counters["receiver_us"] = static_cast<double>(processor_time(watched.there) - before) / count;
}

/// Only the call, with a subscriber on another node.
void join_with_subscriber_elsewhere(benchmark::State& state) {
  watched_node watched;
  std::int64_t returned = 0;
  one_way(
      state,
      [&](int i) {
        watched.join(i);
        returned = nanoseconds_now();
      },
      [&] {
        time_seen(watched.there);
        return returned;
      });
}

/// From a thread that writes to a thread of another process that waits in a read, through the loopback interface. `core` is
/// the reader's core, if that matters.
void write_until_read(benchmark::State& state, std::optional<std::int64_t> core) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  tcp::acceptor listening(context, {boost::asio::ip::address_v4::loopback(), 0});
  remote_node there{default_launch({}, {})};
  const auto port = static_cast<std::int64_t>(listening.local_endpoint().port());
  there.ask(core ? object("do", "report_frames", "port", port, "core", *core) : object("do", "report_frames", "port", port));
  auto out = listening.accept();
  out.set_option(tcp::no_delay(true));
  const std::array<char, 64> frame{};
  one_way(state, [&](int) { boost::asio::write(out, boost::asio::buffer(frame)); }, [&] { return time_seen(there); });
}

/// The reader may wait on the core of the writer, which sleeps then. Most of the time the kernel chooses that.
void raw_tcp(benchmark::State& state) {
  write_until_read(state, std::nullopt);
}

/// The reader waits on another core, as on another machine.
void raw_tcp_across_cores(benchmark::State& state) {
  stay_on(0);
  write_until_read(state, 1);
  stay_nowhere();
}

/// From a thread to an actor of another node, by CAF alone.
void caf_message_elsewhere(benchmark::State& state) {
  local_node here;
  remote_node there{default_launch({*here.home.address()})};
  there.ask(object("do", "keep", "key", "keeper"));
  const auto keeper = here.rooms.wait_for_key("keeper", std::chrono::seconds{60});
  if (!keeper) {
    state.SkipWithError("the nodes are not linked");
    return;
  }
  const auto to = keeper.value()[0].who;
  one_way(state, [&](int i) { registry::tell(to, static_cast<std::int32_t>(i)); }, [&] { return time_seen(there); });
}

/// From a thread to an actor of the same node that waits.
void caf_message_here(benchmark::State& state) {
  local_node here;
  std::atomic<std::int64_t> when{0};
  std::binary_semaphore seen{0};
  const auto to = registry::as_member(here.system.spawn([&](caf::event_based_actor*) -> caf::behavior {
    return {[&](std::int32_t) {
      when = nanoseconds_now();
      seen.release();
    }};
  }));
  one_way(
      state, [&](int i) { registry::tell(to, static_cast<std::int32_t>(i)); },
      [&] {
        seen.acquire();
        return when.load();
      });
  registry::kill(to);
}

BENCHMARK(raw_tcp)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(raw_tcp_across_cores)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(caf_message_here)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(caf_message_elsewhere)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(join_with_subscriber_elsewhere)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(join_until_event_elsewhere)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(join_until_event_elsewhere_encrypted)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(join_until_event_elsewhere_paced)->Arg(1)->Arg(10)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);

} // namespace
