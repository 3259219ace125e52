// Writes the figures about growth as tables, which bench/growth.gp draws: by number of entries from the output of the
// benchmarks, and by number of nodes from the output of the simulator.

#include <bench/report/figures.hpp>
#include <bench/report/json.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

using namespace registry::bench;

struct workload {
  const char* name;
  const char* benchmark;
  bool per_entry;
};

constexpr std::array sizes{10'000, 100'000, 1'000'000};
constexpr std::array workloads{
    workload{"lookup", "lookup", false},
    workload{"lookup in a flat hash map", "lookup_flat_map", false},
    workload{"join + leave", "churn", false},
    workload{"join of one member, per entry", "join_self", true},
    workload{"taking a snapshot", "snapshot", false},
    workload{"visiting a snapshot, per entry", "snapshot_visited", true},
};

/// Nanoseconds, for an operation or for each entry.
double cost(const our_figures& ours, const workload& x, int size) {
  const auto name = fmt::format("{}/{}", x.benchmark, size);
  const auto rounds = ours.rounds(name, "real_time");
  if (rounds.empty())
    give_up("the results have no benchmark " + name + ": bench/growth.sh runs it");
  return figure_of(rounds[0]).median * 1e9 / (x.per_entry ? size : 1);
}

std::string by_entries(const std::string& folder) {
  our_figures ours;
  ours.begin_round();
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".json")
      ours.read(file.path());
  }
  std::string out = "entries";
  for (const auto& x : workloads)
    out += fmt::format("\t{}", x.name);
  for (const auto size : sizes) {
    out += fmt::format("\n{}", size);
    for (const auto& x : workloads)
      out += fmt::format("\t{:.3g}", cost(ours, x, size));
  }
  return out + "\n";
}

/// From lines of `registry_sim --calm`.
std::string by_nodes(const std::string& file) {
  const std::string header =
      "nodes\tuntil all are linked (ms)\tuntil all see a join (ms)\tmessages per join\tbytes per join\n";
  std::string out = header;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::array<double, 6> x{};
    if (std::sscanf(
            line.c_str(),
            "nodes %lf: linked after %lf ms; a join is seen by all after %lf ms, with a delay of up to %lf ms between "
            "nodes; messages per join %lf, bytes per join %lf",
            &x[0], &x[1], &x[2], &x[3], &x[4], &x[5]) == 6)
      out += fmt::format("{}\t{}\t{}\t{}\t{}\n", x[0], x[1], x[2], x[4], x[5]);
  }
  if (out == header)
    give_up("there is no line of registry_sim --calm in " + file);
  return out;
}

void write(const std::string& file, const std::string& content) {
  if (!(std::ofstream(file) << content))
    give_up("cannot write " + file);
}

} // namespace

int main(int argc, char** argv) {
  std::string results;
  std::string simulated;
  std::string out;
  CLI::App app{"Writes tables of the figures about growth."};
  app.add_option("results", results, "Folder with the output of the benchmarks")->required()->check(CLI::ExistingDirectory);
  app.add_option("simulated", simulated, "Output of registry_sim --calm for several --nodes")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("out", out, "Folder for entries.tsv and nodes.tsv")->required()->check(CLI::ExistingDirectory);
  CLI11_PARSE(app, argc, argv);
  write(out + "/entries.tsv", by_entries(results));
  write(out + "/nodes.tsv", by_nodes(simulated));
  return 0;
}
