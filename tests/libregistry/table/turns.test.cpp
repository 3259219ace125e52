#include <registry/table/internal/turns.hpp>

#include <support/catch.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace registry {

namespace {

bool always(const value&) {
  return true;
}

std::uint32_t take(turns& all, const value& key) {
  if (const auto turn = all.next(key))
    return *turn;
  static_cast<void>(all.add(key));
  return all.next(key).value();
}

} // namespace

TEST_CASE("each key has independent turns", "[turns]") {
  turns all(always);
  for (std::uint32_t i = 0; i < 5; ++i) {
    for (int key = 0; key < 1000; ++key)
      REQUIRE(take(all, key) == i);
  }
  CHECK(all.size() == 1000);
}

TEST_CASE("turns of unused keys are forgotten", "[turns]") {
  turns all([](const value& key) { return *key.as_integer() < 10; });
  for (int key = 0; key < 100'000; ++key)
    take(all, key);
  CHECK(all.size() < 2100);
  for (int key = 0; key < 10; ++key)
    CHECK(take(all, key) == 1);
}

TEST_CASE("threads that take turns of one key get each turn once", "[turns]") {
  turns all(always);
  constexpr int per_thread = 1000;
  constexpr int keys = 8;
  for (int key = 0; key < keys; ++key)
    static_cast<void>(all.add(key));
  std::vector<std::thread> threads;
  std::array<std::atomic<std::uint64_t>, keys> sums{};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < per_thread * keys; ++j)
        sums[static_cast<std::size_t>(j % keys)] += all.next(j % keys).value();
    });
  }
  for (auto& x : threads)
    x.join();
  constexpr std::uint64_t taken = 4 * per_thread;
  for (const auto& sum : sums)
    CHECK(sum == taken * (taken - 1) / 2);
}

} // namespace registry
