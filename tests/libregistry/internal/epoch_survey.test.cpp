#include <registry/internal/epoch.hpp>
#include <registry/internal/retire_list.hpp>

#include <libregistry/internal/probe.hpp>

#include <support/allocation.hpp>
#include <support/catch.hpp>
#include <support/effort.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

using namespace registry;
using namespace registry::internal;

namespace {

/// Threads that read on demand, and otherwise wait.
class readers {
public:
  explicit readers(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      threads_.emplace_back([this] {
        for (std::uint64_t seen = 0;;) {
          turn_.wait(seen);
          seen = turn_;
          if (seen == end)
            return;
          {
            epoch_guard guard;
          }
          ++read_;
          read_.notify_one();
        }
      });
  }
  ~readers() {
    tell(end);
    for (auto& thread : threads_)
      thread.join();
  }

  void all_read() {
    read_ = 0;
    tell(turn_ + 1);
    for (auto done = read_.load(); done != threads_.size(); done = read_)
      read_.wait(done);
  }

private:
  static constexpr std::uint64_t end = UINT64_MAX;

  void tell(std::uint64_t turn) {
    turn_ = turn;
    turn_.notify_all();
  }

  std::atomic<std::uint64_t> turn_{0};
  std::atomic<std::size_t> read_{0};
  std::vector<std::thread> threads_;
};

/// The cost of a survey after this many more of them.
std::size_t cost_after(std::size_t surveys) {
  for (std::size_t i = 0; i < surveys; ++i)
    survey_readers();
  return survey_readers().slots;
}

constexpr std::size_t until_parked = surveys_until_parked + 2;
constexpr std::size_t few = 4;

} // namespace

TEST_CASE("the cost of a survey depends on reading threads, not on the number of existing or past threads") {
  const auto count = std::min<std::size_t>(registry::testing::repetitions(1'000), 4'000);
  REQUIRE(cost_after(until_parked) <= few);
  {
    readers idle(count);
    for (int i = 0; i < 3; ++i) {
      idle.all_read();
      CHECK(survey_readers().slots >= count); // they have read just now
      CHECK(cost_after(until_parked) <= few);
    }
    {
      epoch_guard guard;
      CHECK(cost_after(until_parked) <= few);
    }
    idle.all_read();
  }
  CHECK(cost_after(until_parked) <= few);
  // Their slots are reused.
  readers next(count);
  next.all_read();
  CHECK(survey_readers().slots <= count + few);
}

TEST_CASE("a thread that reads again after a long time is waited for") {
  cost_after(until_parked);
  retire_list list;
  bool freed = false;
  std::barrier step(2);
  std::thread reader([&] {
    {
      epoch_guard guard;
    }
    step.arrive_and_wait(); // until its slot is parked
    step.arrive_and_wait();
    epoch_guard guard;
    step.arrive_and_wait();
    step.arrive_and_wait();
  });
  step.arrive_and_wait();
  CHECK(cost_after(until_parked) <= few);
  step.arrive_and_wait();
  step.arrive_and_wait();
  retire(list, freed);
  for (std::size_t i = 0; i < until_parked; ++i)
    CHECK(list.collect_now().empty());
  step.arrive_and_wait();
  reader.join();
  CHECK_FALSE(list.collect_now().empty());
  CHECK(freed);
}

TEST_CASE("readers that come and go while slots are parked never meet a freed object") {
  struct object {
    std::atomic<std::uint64_t> alive{0x600d};
    static void free(void* p) noexcept {
      static_cast<object*>(p)->alive.store(0xdead, std::memory_order_relaxed);
      delete static_cast<object*>(p);
    }
  };
  constexpr int writer_count = 2;
  std::array<std::atomic<object*>, writer_count> current{};
  for (auto& x : current)
    x = new object;
  std::atomic<std::uint64_t> surveys{0};
  std::atomic<bool> done{false};
  std::atomic<int> failures{0};
  std::atomic<int> looks{0};
  std::vector<std::thread> threads;
  for (unsigned n = 0; n < 4; ++n)
    threads.emplace_back([&, n] {
      // Each pauses for about as many surveys as it takes to park a slot.
      for (std::uint64_t pause = n; !done.load(std::memory_order_relaxed); pause = (pause + 1) % 8) {
        const auto until = surveys.load() + surveys_until_parked - 4 + pause;
        while (surveys.load() < until && !done.load(std::memory_order_relaxed)) {
        }
        epoch_guard guard;
        for (auto& x : current) {
          auto* seen = x.load(std::memory_order_acquire);
          for (int i = 0; i < 4; ++i)
            if (seen->alive.load(std::memory_order_relaxed) != 0x600d)
              ++failures;
        }
        ++looks;
      }
    });
  // Threads that end return their slots to others.
  threads.emplace_back([&] {
    while (!done.load(std::memory_order_relaxed))
      std::thread([&] {
        epoch_guard guard;
        if (current[0].load(std::memory_order_acquire)->alive.load(std::memory_order_relaxed) != 0x600d)
          ++failures;
      }).join();
  });
  std::vector<std::thread> writers;
  std::array<retire_list, writer_count> lists;
  const auto least = static_cast<int>(registry::testing::repetitions(3'000));
  for (std::size_t n = 0; n < writer_count; ++n)
    writers.emplace_back([&, n] {
      for (int i = 0; i < 2'000 || looks < least; ++i) {
        lists[n].reserve(1);
        lists[n].retire(current[n].exchange(new object, std::memory_order_acq_rel), object::free);
        auto freed_here = lists[n].collect_now();
        ++surveys;
      }
    });
  for (auto& writer : writers)
    writer.join();
  done = true;
  for (auto& thread : threads)
    thread.join();
  CHECK(failures == 0);
  for (std::size_t n = 0; n < writer_count; ++n) {
    static_cast<void>(lists[n].collect_now());
    CHECK(lists[n].pending() == 0);
    delete current[n].load();
  }
}
