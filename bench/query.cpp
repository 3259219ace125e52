// Queries: keys of a member, patterns and guards over one key, specifications over the whole scope.

#include <bench/support/home.hpp>

#include <registry/match/parser.hpp>

#include <benchmark/benchmark.h>

#include <memory>

using namespace registry;
using namespace registry::bench;

namespace {

constexpr std::size_t entries = 100'000;

/// 100,000 entries, 1,000 of them under one key.
populated& with_group_of_1000() {
  auto& data = home::get().with_entries(entries - 1000);
  for (std::size_t i = data.entries.count("mk"); i < 1000; ++i)
    must(data.entries.join("mk", data.owners[i], sample_value(i)));
  return data;
}

template <class Query>
void ask(benchmark::State& state, std::size_t expected, Query query) {
  for (auto _ : state) {
    const auto found = query();
    if (found != expected) {
      state.SkipWithError("wrong result");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void keys_of_member(benchmark::State& state) {
  auto where = home::get().with_entries(static_cast<std::size_t>(state.range(0))).entries;
  const crowd self(home::get().system(), 1);
  for (std::int64_t i = 0; i < 10; ++i)
    must(where.join("mine:" + std::to_string(i), self[0], i));
  ask(state, 10, [&] { return where.keys(self[0]).size(); });
  if (!where.leave_all(self[0]))
    state.SkipWithError("the entries are gone");
}

void match_with_guard(benchmark::State& state) {
  const auto& where = with_group_of_1000().entries;
  const matcher which = parse_match(R"({"role": "worker", "shard": $1} when $1 < 10)").value();
  ask(state, 10, [&] { return where.match("mk", which).value().size(); });
}

void select_in_scope(benchmark::State& state) {
  const auto& where = with_group_of_1000().entries;
  const auto which = parse_select(R"([$1, $2, {"shard": $3}] when $3 < 10 -> [$1, $2])").value();
  ask(state, entries / 100, [&] { return where.select(which).value().size(); });
}

void count_select_in_scope(benchmark::State& state) {
  const auto& where = with_group_of_1000().entries;
  const auto which = parse_select(R"([_, _, {"shard": $3}] when $3 < 10 -> true)").value();
  ask(state, entries / 100, [&] { return where.count_select(which).value(); });
}

void select_with_bound_key(benchmark::State& state) {
  const auto& where = with_group_of_1000().entries;
  const auto which = parse_select(R"(["key:5", $2, $3] -> $3)").value();
  ask(state, 1, [&] { return where.select(which).value().size(); });
}

BENCHMARK(keys_of_member)->Arg(100'000);
BENCHMARK(match_with_guard)->Unit(benchmark::kMicrosecond);
BENCHMARK(select_in_scope)->Unit(benchmark::kMillisecond);
BENCHMARK(count_select_in_scope)->Unit(benchmark::kMillisecond);
BENCHMARK(select_with_bound_key);

} // namespace
