// The main function of every Catch2 binary, compiled once.

#define CATCH_CONFIG_RUNNER // of version 2: its implementation belongs into this file
#include <support/catch.hpp>

#include <registry/hash/secret.hpp>

#include <support/seed.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace {

// Only a run prints the seed: CTest reads the list of test cases from the standard output.
struct seed_printer : Catch::EventListenerBase {
  using Catch::EventListenerBase::EventListenerBase;

  void testRunStarting(const Catch::TestRunInfo&) override {
    auto seed = std::to_string(registry::testing::seed());
    // RapidCheck reads its own variable; one that is set by hand wins.
    setenv("RC_PARAMS", ("seed=" + seed).c_str(), 0);
    std::cout << "replay with REGISTRY_TEST_SEED=" << seed << std::endl;
  }
};

CATCH_REGISTER_LISTENER(seed_printer)

} // namespace

int main(int argc, char* argv[]) {
  // The order of what tables show depends on it, and is to be the same when a run is replayed.
  if (!registry::set_hash_secret(registry::hash_secret::from_seed(registry::testing::seed()))) {
    std::cerr << "a static object of the tests hashes something before main, so that their order cannot be replayed"
              << std::endl;
    return 2;
  }
  return Catch::Session().run(argc, argv);
}
