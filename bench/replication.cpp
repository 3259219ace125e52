// Two nodes in two processes: the time until both have the same content.

#include <bench/cluster/local.hpp>
#include <bench/cluster/nodes.hpp>
#include <bench/support/crowd.hpp>
#include <bench/support/must.hpp>
#include <bench/support/sample.hpp>

#include <support/waiting.hpp>

#include <registry/actor/tell.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <csignal>
#include <string>

using namespace registry;
using namespace registry::bench;
using namespace registry::testing;

namespace {

constexpr std::size_t entries = 100'000;

double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) * 1e-9;
}

/// 100,000 joins on one node, until the other one has them; then their owners end, until it has none.
void replicate_over(benchmark::State& state, const std::string& secret) {
  for (auto _ : state) {
    linked_pair nodes(secret);
    begin_wait_count(nodes.second, entries);
    const auto start = populate(nodes.first, "key:", entries);
    state.SetIterationTime(seconds(finish_wait(nodes.second) - start));
    begin_wait_count(nodes.second, 0);
    const auto end = cluster_tests::number(nodes.first.ask(object("do", "end_owners")), "began");
    state.counters["exit_ms"] = seconds(finish_wait(nodes.second) - end) * 1e3;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * entries));
}

void replicate(benchmark::State& state) {
  replicate_over(state, {});
}

void replicate_encrypted(benchmark::State& state) {
  replicate_over(state, cluster_secret);
}

/// A linked node opens its scope, until it has the content of the other one.
void fresh_sync_over(benchmark::State& state, const std::string& secret) {
  for (auto _ : state) {
    linked_pair nodes(secret, false);
    populate(nodes.first, "key:", entries);
    const auto start = nanoseconds_now();
    nodes.second.ask(object("do", "open"));
    state.SetIterationTime(seconds(wait_count(nodes.second, entries) - start));
  }
}

void fresh_sync(benchmark::State& state) {
  fresh_sync_over(state, {});
}

void fresh_sync_encrypted(benchmark::State& state) {
  fresh_sync_over(state, cluster_secret);
}

/// A node is killed, until the other one has none of its entries.
void purge(benchmark::State& state) {
  for (auto _ : state) {
    linked_pair nodes;
    populate(nodes.first, "key:", entries);
    wait_count(nodes.second, entries);
    outlast(std::chrono::seconds{1}); // a younger link that breaks is not dialled again at once
    const auto start = nanoseconds_now();
    nodes.first.process().signal(SIGKILL);
    state.SetIterationTime(seconds(wait_count(nodes.second, 0) - start));
  }
}

/// Nodes that have given each other up are connected again, until the second one has all entries of the first one.
void resync(benchmark::State& state) {
  for (auto _ : state) {
    breakable_pair nodes;
    populate(nodes.first(), "key:", entries);
    wait_count(nodes.second(), entries);
    nodes.part();
    wait_count(nodes.second(), 0);
    const auto start = nodes.heal();
    state.SetIterationTime(seconds(wait_count(nodes.second(), entries) - start));
  }
}

/// Each has joined 10,000 entries in a partition; from its end until both have all.
void heal(benchmark::State& state) {
  for (auto _ : state) {
    breakable_pair nodes;
    nodes.part();
    populate(nodes.first(), "a:", 10'000);
    populate(nodes.second(), "b:", 10'000);
    begin_wait_count(nodes.second(), 20'000);
    const auto start = nodes.heal();
    const auto first = wait_count(nodes.first(), 20'000);
    const auto second = finish_wait(nodes.second());
    state.SetIterationTime(seconds(std::max(first, second) - start));
  }
}

std::int64_t memory_of(remote_node& x) {
  return cluster_tests::number(x.ask(object("do", "memory")), "bytes");
}

/// The memory of an entry of another node, each with its own actor, beyond CAF's proxy of that actor.
void remote_entry_memory(benchmark::State& state) {
  for (auto _ : state) {
    local_node here;
    remote_node there{default_launch({*here.home.address()})};
    wait_links(there, 1);
    there.ask(object("do", "keep", "key", "keeper"));
    const auto keeper = here.rooms.wait_for_key("keeper", std::chrono::seconds{60});
    if (!keeper) {
      state.SkipWithError("the nodes are not linked");
      break;
    }
    const crowd owners(here.system, entries);
    std::vector<caf::actor> handles;
    for (const auto& who : owners.all())
      handles.push_back(caf::actor_cast<caf::actor>(who));
    const auto empty = memory_of(there);
    registry::tell(keeper.value()[0].who, handles);
    there.finish();
    const auto with_proxies = memory_of(there);
    for (std::size_t i = 0; i < entries; ++i)
      must(here.rooms.join(sample_key(i), owners[i], sample_value(i)));
    wait_count(there, entries + 1);
    const auto bytes = [](std::int64_t from, std::int64_t to) { return static_cast<double>(to - from) / entries; };
    state.counters["bytes_per_entry"] = bytes(with_proxies, memory_of(there));
    state.counters["bytes_per_proxy"] = bytes(empty, with_proxies);
  }
}

BENCHMARK(replicate)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(fresh_sync)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(replicate_encrypted)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(fresh_sync_encrypted)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(purge)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(resync)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(heal)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(remote_entry_memory)->Iterations(1)->Repetitions(2);

} // namespace
