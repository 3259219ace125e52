#include <registry/internal/epoch.hpp>
#include <registry/internal/retire_list.hpp>

#include <libregistry/internal/probe.hpp>

#include <support/allocation.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <array>

using namespace registry;
using namespace registry::internal;

TEST_CASE("during bulk work memory is freed and objects are kept for a collection") {
  retire_list list;
  std::array<bool, 1000> freed{};
  const auto before = registry::testing::allocated_bytes();
  std::size_t most = 0;
  for (std::size_t i = 0; i < 50'000; ++i) {
    list.reserve(1);
    list.retire_memory(::operator new(1000));
    if (i % 50 == 0)
      retire(list, freed[i / 50]);
    list.reclaim();
    most = std::max(most, list.pending());
  }
  CHECK(most < 4'000);
  CHECK(list.pending() >= freed.size());
  CHECK(registry::testing::allocated_bytes() - before < 4'000'000);
  CHECK(std::count(freed.begin(), freed.end(), true) == 0);
  {
    auto taken = list.collect_now();
    CHECK(list.pending() == 0);
    CHECK(std::count(freed.begin(), freed.end(), true) == 0);
  }
  CHECK(std::count(freed.begin(), freed.end(), true) == 1000);
  CHECK(registry::testing::allocated_bytes() <= before + 2'000);
}

TEST_CASE("a reader prevents memory from being freed during bulk work") {
  retire_list list;
  epoch_guard guard;
  for (std::size_t i = 0; i < 5'000; ++i) {
    list.reserve(1);
    list.retire_memory(::operator new(10));
    list.reclaim();
  }
  CHECK(list.pending() == 5'000);
}
