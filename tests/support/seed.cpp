#include <support/seed.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>

namespace registry::testing {

namespace {

std::uint64_t chosen_seed() {
  const char* given = std::getenv("REGISTRY_TEST_SEED");
  if (given == nullptr) {
    std::random_device entropy;
    return (std::uint64_t{entropy()} << 32) | entropy();
  }
  std::string_view text{given};
  std::uint64_t number = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) {
    std::fprintf(stderr, "REGISTRY_TEST_SEED must be a number from 0 to 2^64-1, not \"%s\"\n", given);
    std::exit(2);
  }
  return number;
}

} // namespace

std::uint64_t seed() {
  static const std::uint64_t chosen = chosen_seed();
  return chosen;
}

} // namespace registry::testing
