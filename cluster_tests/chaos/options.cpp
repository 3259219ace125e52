#include <chaos/options.hpp>

#include <CLI/CLI.hpp>

#include <random>

namespace cluster_tests::chaos {

options read_options(int argc, char** argv) {
  options out;
  out.seed = std::random_device{}();
  CLI::App app{"A cluster of real nodes, to which everything happens that can happen to nodes and to the lines between "
               "them. An oracle "
               "compares each node with what the operations have done.",
               "./dev chaos"};
  app.add_option("--minutes", out.minutes, "How long")->check(CLI::Range(0.05, 1440.0))->capture_default_str();
  app.add_option("--seed", out.seed, "Repeats the actions of another run; otherwise each run has others");
  app.add_option("--nodes", out.nodes, "How many nodes")->check(CLI::Range(3, 9))->capture_default_str();
  app.add_option("--encryption", out.encryption, "Of links: required, prefer or none")
      ->check(CLI::IsMember({"required", "prefer", "none"}))
      ->capture_default_str();
  app.add_option("--folder", out.folder, "Where the log of all actions goes, and the logs of the nodes after a failure")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& over) {
    out.exit_status = app.exit(over);
  }
  return out;
}

std::string command_of(const options& x) {
  auto minutes = std::to_string(x.minutes);
  minutes.erase(minutes.find_last_not_of('0') + 1);
  if (minutes.back() == '.')
    minutes.pop_back();
  return "./dev chaos --seed " + std::to_string(x.seed) + " --minutes " + minutes + " --nodes " + std::to_string(x.nodes) +
         " --encryption " + x.encryption;
}

} // namespace cluster_tests::chaos
