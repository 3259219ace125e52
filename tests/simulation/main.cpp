// Runs whole clusters in one thread under a simulated network and clock, one per seed.

#include <registry/hash/secret.hpp>
#include <simulation/cluster.hpp>

#include <CLI/CLI.hpp>

#include <charconv>
#include <iostream>
#include <optional>
#include <set>
#include <string>

namespace {

using namespace registry::simulation;

struct seed_range {
  std::uint64_t first = 1;
  std::uint64_t last = 100;
};

/// `A..B` or one number.
bool parse(const std::string& text, seed_range& out) {
  const auto dots = text.find("..");
  const auto number = [](std::string_view digits, std::uint64_t& to) {
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), to);
    return failed == std::errc{} && end == digits.data() + digits.size();
  };
  const std::string_view all{text};
  if (dots == std::string::npos)
    return number(all, out.first) && number(all, out.last);
  return number(all.substr(0, dots), out.first) && number(all.substr(dots + 2), out.last) && out.first <= out.last;
}

void report(const run_options& options, const std::string& what, std::string_view fault, std::uint64_t hash_seed) {
  std::cout << "seed " << options.seed << ": " << what << "\n  replay: registry_sim --seeds " << options.seed << ".."
            << options.seed << " --nodes " << options.nodes << " --steps " << options.steps << " --hash-seed " << hash_seed;
  if (!fault.empty())
    std::cout << " --mutant " << fault;
  std::cout << " --trace" << std::endl;
}

/// Prints the costs of a calm cluster.
int measure(std::size_t nodes, std::uint64_t seed) {
  run_options options;
  options.seed = seed;
  options.nodes = nodes;
  options.calm = true;
  const auto milliseconds = [](registry::instant x) { return std::chrono::duration<double, std::milli>(x).count(); };
  const auto cost = cluster(options).measure();
  std::cout << "nodes " << nodes << ": linked after " << milliseconds(cost.until_linked)
            << " ms; a join is seen by all after " << milliseconds(cost.until_seen) << " ms, with a delay of up to "
            << milliseconds(cost.slowest_delay) << " ms between nodes; messages per join " << cost.messages_per_join
            << ", bytes per join " << cost.bytes_per_join << std::endl;
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  std::string seeds = "1..100";
  std::string fault;
  bool until_failure = false;
  bool distinct = false;
  std::optional<std::uint64_t> hash_seed;
  run_options options;
  CLI::App app{"Simulates clusters. Exit status: 0 if all seeds passed, 1 if not."};
  app.add_option("--seeds", seeds, "The runs: A..B, or one number")->capture_default_str();
  app.add_option("--nodes", options.nodes, "Nodes of a cluster")->capture_default_str()->check(CLI::Range(2, 1000));
  app.add_flag("--calm", options.calm, "Disturbs nothing, and prints the costs of a cluster of this size");
  app.add_option("--steps", options.steps, "Operations and disturbances before the network heals")->capture_default_str();
  app.add_option("--mutant", fault, "Runs a protocol with this deliberate fault");
  app.add_option("--hash-seed", hash_seed,
                 "Seed of the secret of the hashes, the same for all runs; default: the first seed");
  app.add_flag("--until-failure", until_failure, "Ends at the first failure");
  app.add_flag("--distinct", distinct, "Counts the different runs, and fails if two seeds gave the same");
  app.add_flag("--trace", options.trace, "Prints each operation and event");
  CLI11_PARSE(app, argc, argv);
  seed_range range;
  if (!parse(seeds, range)) {
    std::cerr << "--seeds must be A..B with A <= B, not " << seeds << '\n';
    return 2;
  }
  if (!fault.empty()) {
    const auto found = find_mutant(fault);
    if (!found) {
      std::cerr << "there is no mutant " << fault << "; there are";
      for (const auto& x : all_mutants())
        std::cerr << ' ' << x.name;
      std::cerr << '\n';
      return 2;
    }
    options.fault = *found;
  }
  if (!registry::set_hash_secret(registry::hash_secret::from_seed(hash_seed.value_or(range.first)))) {
    std::cerr << "a hash was computed before main, so that --hash-seed has no effect and runs do not repeat themselves\n";
    return 2;
  }
  if (options.calm)
    return measure(options.nodes, range.first);
  std::uint64_t run = 0;
  std::uint64_t failures = 0;
  std::set<std::uint64_t> digests;
  for (auto seed = range.first;; ++seed) {
    options.seed = seed;
    cluster one(options);
    ++run;
    if (const auto what = one.run()) {
      ++failures;
      report(options, *what, fault, hash_seed.value_or(range.first));
    }
    digests.insert(one.digest());
    if (options.trace)
      std::cerr << one.describe() << '\n' << one.statistics();
    if (seed == range.last || (until_failure && failures != 0))
      break;
  }
  std::cout << "seeds " << run << ", failures " << failures;
  if (distinct)
    std::cout << ", different runs " << digests.size();
  std::cout << std::endl;
  return failures == 0 && (!distinct || digests.size() == run) ? 0 : 1;
}
