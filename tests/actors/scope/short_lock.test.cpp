#include <registry/scope/internal/short_lock.hpp>

#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace registry {

namespace {

/// Whether a thread of this process waits in the kernel.
bool is_asleep(pid_t thread) {
  std::ifstream in{"/proc/self/task/" + std::to_string(thread) + "/stat"};
  std::string text;
  std::getline(in, text);
  const auto end_of_name = text.rfind(") ");
  return end_of_name != std::string::npos && text[end_of_name + 2] == 'S';
}

} // namespace

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
  std::atomic<pid_t> waiting{0};
  std::atomic<bool> released{false};
  bool seen = false;
  lock.lock();
  CHECK_FALSE(lock.try_lock());
  std::jthread other([&] {
    waiting = ::gettid();
    const std::lock_guard guard(lock);
    seen = released;
  });
  // It has finished spinning, and sleeps.
  CHECK(testing::eventually([&] { return waiting != 0 && is_asleep(waiting); }));
  released = true;
  lock.unlock();
  other.join();
  CHECK(seen);
}

} // namespace registry
