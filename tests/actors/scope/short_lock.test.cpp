#include <registry/scope/short_lock.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

namespace registry {

TEST_CASE("a short lock lets one thread in at a time", "[scope][short_lock]") {
  constexpr int threads = 4;
  constexpr int rounds = 20'000;
  short_lock lock;
  int inside = 0;
  int most = 0;
  long entered = 0;
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i)
      all.emplace_back([&] {
        for (int k = 0; k < rounds; ++k) {
          const std::lock_guard guard(lock);
          most = std::max(most, ++inside);
          ++entered;
          --inside;
        }
      });
  }
  CHECK(most == 1);
  CHECK(entered == long{threads} * rounds);
}

TEST_CASE("a short lock that is held for long is waited for", "[scope][short_lock]") {
  short_lock lock;
  std::latch waiting(1);
  std::atomic<bool> released{false};
  bool seen = false;
  lock.lock();
  CHECK_FALSE(lock.try_lock());
  std::jthread other([&] {
    waiting.count_down();
    const std::lock_guard guard(lock);
    seen = released;
  });
  waiting.wait();
  // Longer than the other one looks again and again.
  for (int i = 0; i < 100'000; ++i)
    std::this_thread::yield();
  released = true;
  lock.unlock();
  other.join();
  CHECK(seen);
}

} // namespace registry
