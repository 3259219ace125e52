// Prints one table: the figures, the targets, and whether they were met.

#include <bench/report/json.hpp>
#include <bench/report/row.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>

namespace {

using registry::bench::not_measured;
using registry::bench::row;

constexpr std::array columns{&row::workload, &row::measured, &row::peer, &row::ratio, &row::target, &row::verdict};

void print_line(const row& line, const std::array<std::size_t, columns.size()>& widths, char fill = ' ') {
  std::string out = "|";
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += fmt::format("{}{}{}|", fill, line.*columns[i] + std::string(widths[i] - (line.*columns[i]).size(), fill), fill);
  std::cout << out << '\n';
}

void print(const std::vector<row>& table) {
  const row titles{"workload", "median (least..most)", "fastest peer", "ratio", "target", "verdict"};
  std::array<std::size_t, columns.size()> widths{};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    widths[i] = (titles.*columns[i]).size();
    for (const auto& line : table)
      widths[i] = std::max(widths[i], (line.*columns[i]).size());
  }
  print_line(titles, widths);
  print_line({}, widths, '-');
  for (const auto& line : table)
    print_line(line, widths);
  const auto count = [&](std::string_view verdict) {
    return std::count_if(table.begin(), table.end(), [=](const row& x) { return x.verdict == verdict; });
  };
  std::cout << "\n" << count("met") << " targets met, " << count("MISSED") << " missed.\n";
}

void read_round(const std::string& folder, registry::bench::our_figures& ours, registry::bench::peer_figures& peers) {
  ours.begin_round();
  peers.begin_round();
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".json")
      ours.read(file.path());
    else if (file.path().extension() == ".tsv")
      peers.read(file.path());
  }
}

} // namespace

int main(int argc, char** argv) {
  std::string targets;
  std::vector<std::string> rounds;
  CLI::App app{
      "Prints benchmarks beside their targets. Ratios to figures that were recorded on another machine or at another "
      "time are hints; those to figures of the same run are not."};
  app.add_option("targets", targets, "The targets (targets.json)")->required();
  app.add_option("rounds", rounds, "Folders with what the benchmarks (*.json) and the peers' scripts (*.tsv) have written")
      ->required()
      ->check(CLI::ExistingDirectory);
  bool measured_only = false;
  app.add_flag("--measured-only", measured_only, "Leaves out what was not measured");
  CLI11_PARSE(app, argc, argv);
  registry::bench::our_figures ours;
  registry::bench::peer_figures peers;
  for (const auto& folder : rounds)
    read_round(folder, ours, peers);
  std::vector<row> table;
  const auto all = registry::bench::read_json(targets);
  for (const auto& target : all.as_list())
    table.push_back(judge(target, ours, peers));
  if (measured_only)
    std::erase_if(table, [](const row& x) { return x.measured == not_measured; });
  print(table);
  return 0;
}
