// Two nodes in two processes: until one has what the other one has.

#include <bench/cluster/local.hpp>
#include <bench/cluster/pair.hpp>
#include <bench/support/crowd.hpp>
#include <bench/support/must.hpp>
#include <bench/support/sample.hpp>
#include <bench/support/waiting.hpp>

#include <registry/actor/tell.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

using namespace registry;
using namespace registry::bench;

namespace {

constexpr std::size_t entries = 100'000;

double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) * 1e-9;
}

/// 100,000 joins on one node, until the other one has them; then their owners end, until it has none.
void replicate(benchmark::State& state) {
  for (auto _ : state) {
    pair nodes;
    nodes.second.process().write_line("wait " + std::to_string(entries));
    const auto start = nodes.populate(entries);
    state.SetIterationTime(seconds(std::strtoll(nodes.second.next_line().c_str(), nullptr, 10) - start));
    nodes.second.process().write_line("wait 0");
    const auto end = nodes.first.ask_number("end_owners");
    state.counters["exit_ms"] = seconds(std::strtoll(nodes.second.next_line().c_str(), nullptr, 10) - end) * 1e3;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * entries));
}

/// A linked node opens its scope, until it has what the other one has.
void fresh_sync(benchmark::State& state) {
  for (auto _ : state) {
    pair nodes(false);
    nodes.populate(entries);
    const auto start = now_in_nanoseconds();
    nodes.second.ask("open");
    state.SetIterationTime(seconds(nodes.when_second_has(entries) - start));
  }
}

/// A node is killed, until the other one has none of its entries.
void purge(benchmark::State& state) {
  for (auto _ : state) {
    pair nodes;
    nodes.populate(entries);
    nodes.when_second_has(entries);
    let_pass(std::chrono::seconds{1}); // a link that breaks when it is younger is not dialled again at once
    const auto start = now_in_nanoseconds();
    nodes.first.process().signal(SIGKILL);
    state.SetIterationTime(seconds(nodes.when_second_has(0) - start));
  }
}

/// Nodes that have given up each other are connected again, until the second one has all entries of the first one.
void resync(benchmark::State& state) {
  for (auto _ : state) {
    breakable_pair nodes;
    nodes.first.ask("populate key: " + std::to_string(entries));
    nodes.second.ask("wait " + std::to_string(entries));
    nodes.part();
    nodes.second.ask("wait 0");
    const auto start = nodes.heal();
    state.SetIterationTime(seconds(nodes.second.ask_number("wait " + std::to_string(entries)) - start));
  }
}

/// Each has joined 10,000 entries while they were apart; until both have all.
void heal(benchmark::State& state) {
  for (auto _ : state) {
    breakable_pair nodes;
    nodes.part();
    nodes.first.ask("populate a: 10000");
    nodes.second.ask("populate b: 10000");
    nodes.second.process().write_line("wait 20000");
    const auto start = nodes.heal();
    const auto first = nodes.first.ask_number("wait 20000");
    const auto second = std::strtoll(nodes.second.next_line().c_str(), nullptr, 10);
    state.SetIterationTime(seconds(std::max<std::int64_t>(first, second) - start));
  }
}

/// What an entry of another node takes, each of its own actor, beyond the proxy that CAF makes of an actor's handle.
void remote_entry_memory(benchmark::State& state) {
  for (auto _ : state) {
    local_node here;
    remote there({"listen=127.0.0.1:0", "seeds=[\"" + to_string(*here.home.address()) + "\"]"});
    there.ask("open");
    there.ask("linked 1");
    there.ask("keep");
    const auto keeper = here.rooms.wait_for_key("keeper", std::chrono::seconds{60});
    if (!keeper) {
      state.SkipWithError("the nodes are not linked");
      break;
    }
    const crowd owners(here.system, entries);
    std::vector<caf::actor> handles;
    for (const auto& who : owners.all())
      handles.push_back(caf::actor_cast<caf::actor>(who));
    const auto empty = there.ask_number("memory");
    registry::tell(keeper.value()[0].who, handles);
    there.next_line();
    const auto with_proxies = there.ask_number("memory");
    for (std::size_t i = 0; i < entries; ++i)
      must(here.rooms.join(sample_key(i), owners[i], sample_value(i)));
    there.ask("wait " + std::to_string(entries + 1));
    const auto bytes = [](std::int64_t from, std::int64_t to) { return static_cast<double>(to - from) / entries; };
    state.counters["bytes_per_entry"] = bytes(with_proxies, there.ask_number("memory"));
    state.counters["bytes_per_proxy"] = bytes(empty, with_proxies);
  }
}

BENCHMARK(replicate)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(fresh_sync)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(purge)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(resync)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(heal)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(remote_entry_memory)->Iterations(1)->Repetitions(2);

} // namespace
