#include <support/effort.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace registry::testing {

namespace {

double chosen_share() {
  const char* given = std::getenv("REGISTRY_TEST_EFFORT");
  if (given == nullptr)
    return 1;
  char* end = nullptr;
  const double share = std::strtod(given, &end);
  if (end == given || *end != '\0' || !(share > 0) || share > 1e6) {
    std::fprintf(stderr, "REGISTRY_TEST_EFFORT must be a number above 0 and up to 1000000, not \"%s\"\n", given);
    std::exit(2);
  }
  return share;
}

} // namespace

std::uint64_t repetitions(std::uint64_t full) {
  static const double share = chosen_share();
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(full) * share));
}

} // namespace registry::testing
