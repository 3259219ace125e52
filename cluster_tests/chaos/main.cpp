// Turmoil in a cluster of real nodes: see `./dev chaos --help`, and README.md.

#include <chaos/chronicle.hpp>
#include <chaos/options.hpp>
#include <chaos/plan.hpp>
#include <chaos/stage.hpp>
#include <chaos/truth.hpp>
#include <support/waiting.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

using namespace cluster_tests;
using namespace cluster_tests::chaos;
using std::chrono::milliseconds;

/// Returns the exit status.
int run(const chaos::options& with) {
  std::cout << "chaos: " << with.nodes << " nodes, encryption " << with.encryption << ", seed " << with.seed
            << ", actions in " << with.folder << "/actions.log" << std::endl;
  chronicle log{with.folder};
  log.note(command_of(with));
  truth known{with.nodes};
  stage on{with, known, log};
  plan planned{with.seed, with.nodes, known};
  const milliseconds duration{static_cast<std::int64_t>(with.minutes * 60'000)};
  // The time of the plan stands still during an examination.
  auto begin = log.elapsed();
  bool rested = false;
  // Ends at rest, when nothing is wrong any more.
  while (log.mismatches() == 0 && !(rested && log.elapsed() >= duration)) {
    const auto now = planned.next();
    registry::testing::outlast(begin + now.at - log.elapsed());
    log.note(now);
    on.carry_out(now);
    rested = now.what == deed::rest;
    if (rested)
      begin = log.elapsed() - now.at;
  }
  const bool failed = log.mismatches() + log.deaths() > 0;
  std::cout << log.summary() << on.damage() << " changes of bytes under way" << std::endl;
  if (failed) {
    on.write_logs(with.folder);
    std::cout << "chaos: FAILED; " << with.folder
              << " has the log of all actions and of all nodes; the same actions again:\n"
              << command_of(with) << std::endl;
  }
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) try {
  const auto options = chaos::read_options(argc, argv);
  if (options.exit_status)
    return *options.exit_status;
  if (const auto why = network::lacks_bad_lines(); !why.empty()) {
    std::cerr << "chaos: nothing was tried, since this machine cannot have hosts of its own: " << why << '\n';
    return EXIT_FAILURE;
  }
  return run(options);
} catch (const std::exception& unexpected) {
  std::cerr << "chaos: " << unexpected.what() << '\n';
  return EXIT_FAILURE;
}
