#include <registry/scope/internal/random.hpp>

#include <random>

namespace registry::inline v0_2::internal {

namespace {

std::minstd_rand& generator() {
  thread_local std::minstd_rand here{std::random_device{}()};
  return here;
}

} // namespace

std::size_t random_below(std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>{0, bound - 1}(generator());
}

void seed_random(std::uint32_t seed) {
  generator().seed(seed);
}

} // namespace registry::inline v0_2::internal
