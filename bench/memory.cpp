// The memory of an entry, beyond that of its owner.

#include <bench/support/home.hpp>

#include <support/memory.hpp>

#include <benchmark/benchmark.h>

using namespace registry;
using namespace registry::bench;
using namespace registry::testing;

namespace {

constexpr std::size_t entries = 100'000;

/// The growth of the process by the entries, `per_owner` of them for each actor.
void entry_memory(benchmark::State& state) {
  const auto per_owner = static_cast<std::size_t>(state.range(0));
  double bytes = 0;
  for (auto _ : state) {
    auto where = home::get().open_scope();
    const crowd owners(home::get().system(), entries / per_owner);
    // So that all of them have run, and the costs of the first change are not counted.
    must(where.join("warm", owners[0]));
    where.flush();
    const auto before = memory_at_rest();
    populate(where, owners, entries);
    where.flush();
    bytes += static_cast<double>(memory_at_rest()) - static_cast<double>(before);
    home::get().close(where);
  }
  state.counters["bytes_per_entry"] = bytes / static_cast<double>(state.iterations() * entries);
}

BENCHMARK(entry_memory)->Arg(1)->Arg(100)->Iterations(1);

} // namespace
