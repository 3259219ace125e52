#include <stress/amount.hpp>
#include <support/fixture.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <cstdint>
#include <iostream>
#include <thread>
#include <vector>

namespace registry {

TEST_CASE("no lookup of a live entry comes back empty while it is updated all the time", "[stress]") {
  testing::one_node n;
  const auto lookups = testing::amount<std::uint64_t>(1'000'000, 100'000'000);
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  const value key{"live"};
  REQUIRE(n.rooms.join(key, ann, 0));

  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> updates{0};
  std::thread writer{[&] {
    while (!done) {
      const auto now = ++updates;
      static_cast<void>(n.rooms.update_value(key, ann, static_cast<std::int64_t>(now)));
      if (now % 8 == 0) { // others come to the same key, and the table changes around it
        static_cast<void>(n.rooms.join(key, bob));
        static_cast<void>(n.rooms.join(static_cast<std::int64_t>(now % 1000), bob));
        static_cast<void>(n.rooms.leave(key, bob));
      }
      if (now % 4096 == 0)
        static_cast<void>(n.rooms.leave_all(bob));
    }
  }};
  constexpr std::uint64_t readers = 2;
  std::atomic<std::uint64_t> empty{0};
  std::atomic<std::uint64_t> backwards{0};
  std::vector<std::thread> threads;
  for (std::uint64_t r = 0; r < readers; ++r) {
    threads.emplace_back([&] {
      std::int64_t last = 0;
      for (std::uint64_t i = 0; i < lookups / readers || updates < 10'000; ++i) {
        const auto entries = n.rooms.lookup(key);
        if (entries.empty() || entries[0].who != ann) {
          ++empty;
          continue;
        }
        const auto now = *entries[0].data.as_integer();
        if (now < last)
          ++backwards;
        last = now;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  done = true;
  writer.join();
  std::cout << "lookups " << lookups << ", empty " << empty << ", updates meanwhile " << updates << '\n';
  CHECK(empty == 0);
  CHECK(backwards == 0);
}

} // namespace registry
