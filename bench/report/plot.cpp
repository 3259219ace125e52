// Draws how costs grow: with the number of entries, from what benchmarks have written, and with the number of nodes, from what the
// simulator has.

#include <bench/report/chart.hpp>
#include <bench/report/figures.hpp>
#include <bench/report/json.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

using namespace registry::bench;

constexpr std::array sizes{10'000, 100'000, 1'000'000};

/// Microseconds for an operation, or for each entry.
curve of_entries(const our_figures& ours, const std::string& name, const std::string& benchmark, bool per_entry) {
  curve out{name, {}};
  for (const auto size : sizes) {
    const auto rounds = ours.rounds(benchmark + "/" + std::to_string(size), "real_time");
    if (!rounds.empty())
      out.points.emplace_back(size, figure_of(rounds[0]).median * 1e6 / (per_entry ? size : 1));
  }
  return out;
}

std::vector<curve> entries(const std::string& folder) {
  our_figures ours;
  ours.begin_round();
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".json")
      ours.read(file.path());
  }
  std::vector<curve> out{
      of_entries(ours, "lookup", "lookup", false),
      of_entries(ours, "lookup in a flat hash map", "lookup_flat_map", false),
      of_entries(ours, "join + leave", "churn", false),
      of_entries(ours, "join of one member, per entry", "join_self", true),
      of_entries(ours, "taking a snapshot", "snapshot", false),
      of_entries(ours, "visiting a snapshot, per entry", "snapshot_visited", true),
  };
  std::erase_if(out, [](const curve& x) { return x.points.empty(); });
  return out;
}

/// Lines of `registry_sim --calm`.
std::vector<curve> nodes(const std::string& file) {
  std::vector<curve> out{
      {"until all are linked, ms", {}}, {"until all see a join, ms", {}}, {"messages per join", {}}, {"bytes per join", {}}};
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::array<double, 6> x{};
    if (std::sscanf(
            line.c_str(),
            "nodes %lf: linked after %lf ms; a join is seen by all after %lf ms, with a delay of up to %lf ms between "
            "nodes; messages per join %lf, bytes per join %lf",
            &x[0], &x[1], &x[2], &x[3], &x[4], &x[5]) != 6)
      continue;
    out[0].points.emplace_back(x[0], x[1]);
    out[1].points.emplace_back(x[0], x[2]);
    out[2].points.emplace_back(x[0], x[4]);
    out[3].points.emplace_back(x[0], x[5]);
  }
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
  CLI::App app{"Draws how costs grow."};
  app.add_option("results", results, "Folder with what the benchmarks have written")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("simulated", simulated, "What registry_sim --calm has written for several --nodes")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("out", out, "Folder to write entries.svg and nodes.svg to")->required()->check(CLI::ExistingDirectory);
  CLI11_PARSE(app, argc, argv);
  const auto of_entries = entries(results);
  const auto of_nodes = nodes(simulated);
  if (of_entries.empty() || of_nodes[0].points.empty())
    give_up("there is nothing to draw");
  write(out + "/entries.svg", draw("What a scope's size costs", "entries", "microseconds", of_entries));
  write(out + "/nodes.svg", draw("What a cluster's size costs (simulated, calm)", "nodes", "", of_nodes));
  return 0;
}
