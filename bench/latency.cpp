// How long after a join on one node a subscriber on another one has the event, and how long a byte takes for the same way.

#include <bench/cluster/local.hpp>
#include <bench/cluster/remote.hpp>
#include <bench/support/crowd.hpp>
#include <bench/support/sample.hpp>
#include <bench/support/stopwatch.hpp>

#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>

#include <array>
#include <cstdlib>
#include <cstring>

using namespace registry;
using namespace registry::bench;

namespace {

constexpr int samples = 2000;
constexpr std::size_t warm_up = 100;

/// `send(i)` sends, `arrived()` waits for that and tells when, in nanoseconds. With pauses, as the peers' scripts make them.
template <class Send, class Arrived>
void one_way(benchmark::State& state, Send send, Arrived arrived) {
  for (auto _ : state) {
    std::vector<double> taken;
    for (int i = 1; i <= samples; ++i) {
      if (i % 8 == 0)
        ::poll(nullptr, 0, 1);
      const auto start = now_in_nanoseconds();
      send(i);
      taken.push_back(static_cast<double>(arrived() - start) * 1e-9);
    }
    taken.erase(taken.begin(), taken.begin() + warm_up);
    state.SetIterationTime(median(taken));
    state.counters["p50_us"] = median(taken) * 1e6;
    state.counters["p99_us"] = quantile(taken, 0.99) * 1e6;
  }
}

/// When the other process has seen something, as it tells.
std::int64_t time_seen(remote& there) {
  return std::strtoll(there.next_line().substr(std::strlen("seen ")).c_str(), nullptr, 10);
}

void join_until_event_elsewhere(benchmark::State& state) {
  local_node here;
  remote there({"listen=127.0.0.1:0", "seeds=[\"" + to_string(*here.home.address()) + "\"]"});
  there.ask("open");
  there.ask("linked 1");
  there.ask("watch");
  if (!here.rooms.wait_replicated(std::chrono::seconds{60}))
    state.SkipWithError("the nodes are not linked");
  const crowd self(here.system, 1);
  one_way(
      state,
      [&](int i) {
        const auto shard = static_cast<std::size_t>(i);
        if (!here.rooms.join("lat" + std::to_string(i), self[0], sample_value(shard)))
          std::abort();
      },
      [&] { return time_seen(there); });
}

/// From a thread that writes to a thread of another process that waits in a read, through the loopback interface.
void raw_tcp(benchmark::State& state) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  tcp::acceptor listening(context, {boost::asio::ip::address_v4::loopback(), 0});
  remote there({"listen=127.0.0.1:0"});
  there.ask("watch_socket " + std::to_string(listening.local_endpoint().port()));
  auto out = listening.accept();
  out.set_option(tcp::no_delay(true));
  const std::array<char, 64> frame{};
  one_way(
      state, [&](int) { boost::asio::write(out, boost::asio::buffer(frame)); }, [&] { return time_seen(there); });
}

BENCHMARK(raw_tcp)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(join_until_event_elsewhere)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);

} // namespace
