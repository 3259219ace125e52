#include <registry/internal/epoch.hpp>
#include <registry/internal/retire_list.hpp>

#include <libregistry/internal/probe.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <latch>
#include <limits>
#include <thread>
#include <vector>

using namespace registry;
using namespace registry::internal;

namespace {

std::uint64_t oldest_reader() {
  return survey_readers().oldest;
}

constexpr auto nobody = std::numeric_limits<std::uint64_t>::max();

} // namespace

TEST_CASE("objects that no reader can see are collected and freed with the garbage") {
  retire_list list;
  bool freed = false;
  retire(list, freed);
  CHECK(list.pending() == 1);
  {
    auto taken = list.collect_now();
    CHECK_FALSE(taken.empty());
    CHECK(list.pending() == 0);
    CHECK_FALSE(freed);
  }
  CHECK(freed);
}

TEST_CASE("nothing is freed while an earlier guard is open") {
  retire_list list;
  bool freed = false;
  {
    epoch_guard guard;
    retire(list, freed);
    for (int i = 0; i < 3; ++i)
      CHECK(list.collect_now().empty());
    CHECK_FALSE(freed);
  }
  CHECK_FALSE(list.collect_now().empty());
  CHECK(freed);
}

TEST_CASE("a guard opened after the start of a collection does not delay objects retired before") {
  retire_list list;
  bool before = false;
  bool during = false;
  std::barrier step(2);
  std::thread first([&] {
    epoch_guard guard;
    step.arrive_and_wait();
    step.arrive_and_wait();
  });
  step.arrive_and_wait();
  retire(list, before);
  CHECK(list.collect_now().empty());
  epoch_guard guard;
  retire(list, during);
  step.arrive_and_wait();
  first.join();
  CHECK_FALSE(list.collect_now().empty());
  CHECK(before);
  CHECK_FALSE(during);
}

TEST_CASE("guards nest, and the outermost one counts") {
  CHECK(oldest_reader() == nobody);
  retire_list list;
  bool freed = false;
  {
    epoch_guard outer;
    retire(list, freed);
    CHECK(list.collect_now().empty());
    {
      // Opened in a later epoch, so it must not count.
      epoch_guard inner;
      epoch_guard innermost;
      CHECK(list.collect_now().empty());
    }
    CHECK(list.collect_now().empty());
    CHECK(oldest_reader() != nobody);
  }
  CHECK(oldest_reader() == nobody);
  CHECK_FALSE(list.collect_now().empty());
}

TEST_CASE("an amortised collection checks the readers only now and then") {
  retire_list list;
  std::array<bool, 1000> freed{};
  std::size_t collections = 0;
  for (auto& x : freed) {
    retire(list, x);
    if (!list.collect().empty())
      ++collections;
  }
  CHECK(collections >= 1);
  CHECK(collections <= 8);
  CHECK(list.pending() < 1000);
}

TEST_CASE("a destroyed list frees its remaining objects in the order of retirement") {
  static std::vector<int> order;
  order.clear();
  {
    retire_list list;
    for (int i = 0; i < 200; ++i) {
      list.reserve(retire_list::max_reservation);
      list.retire(new int(i), [](void* p) noexcept {
        order.push_back(*static_cast<int*>(p));
        delete static_cast<int*>(p);
      });
      if (i == 100) {
        epoch_guard guard;
        CHECK(list.collect_now().empty());
      }
    }
  }
  CHECK(order.size() == 200);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("a thousand consecutive threads share a slot") {
  std::thread([] { epoch_guard guard; }).join();
  auto slots = survey_readers().slots;
  for (int i = 0; i < 1000; ++i)
    std::thread([] { epoch_guard guard; }).join();
  CHECK(survey_readers().slots <= slots);
  CHECK(oldest_reader() == nobody);
}

TEST_CASE("a thread keeps its slot between guards, even an inherited one") {
  std::thread([] { epoch_guard guard; }).join();
  epoch_slot* first = nullptr;
  epoch_slot* between = nullptr;
  std::thread([&] {
    {
      epoch_guard guard;
    }
    first = current_slot;
    {
      epoch_guard guard;
    }
    between = current_slot;
  }).join();
  CHECK(first != nullptr);
  CHECK(between == first);
}

TEST_CASE("a hundred threads can be inside at once") {
  constexpr int count = 100;
  retire_list list;
  std::array<bool, count> freed{};
  std::latch all_inside(count);
  std::latch may_leave(1);
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&] {
      epoch_guard guard;
      all_inside.count_down();
      may_leave.wait();
    });
  all_inside.wait();
  CHECK(survey_readers().slots >= count);
  for (auto& x : freed)
    retire(list, x);
  CHECK(list.collect_now().empty());
  may_leave.count_down();
  for (auto& thread : threads)
    thread.join();
  CHECK_FALSE(list.collect_now().empty());
  CHECK(std::count(freed.begin(), freed.end(), true) == count);
}

namespace {

std::atomic<int> late_guards{0};

/// Reads while its thread ends. Made before the first guard of the thread, and so destroyed after the slot is returned.
struct late_reader {
  bool used = false;
  ~late_reader() {
    for (int i = 0; i < 2; ++i) {
      epoch_guard outer;
      epoch_guard inner;
      if (used && oldest_reader() != nobody)
        ++late_guards;
    }
  }
};

thread_local late_reader reader_of_thread;

} // namespace

TEST_CASE("a thread that ends can still open guards, and leaves none behind") {
  late_guards = 0;
  constexpr int count = 20;
  for (int i = 0; i < count; ++i)
    std::thread([] {
      reader_of_thread.used = true;
      epoch_guard guard;
    }).join();
  CHECK(late_guards == 2 * count);
  CHECK(oldest_reader() == nobody);
  auto slots = survey_readers().slots;
  std::thread([] { reader_of_thread.used = true; }).join();
  CHECK(survey_readers().slots <= slots);
  CHECK(oldest_reader() == nobody);
}

TEST_CASE("readers of other threads never meet a freed object") {
  struct object {
    std::atomic<std::uint64_t> alive{0x600d};
    static void free(void* p) noexcept {
      static_cast<object*>(p)->alive.store(0xdead, std::memory_order_relaxed);
      delete static_cast<object*>(p);
    }
  };
  constexpr int changes = 20000;
  std::atomic<object*> current{new object};
  std::atomic<bool> done{false};
  std::atomic<int> failures{0};
  std::atomic<int> looks{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!done.load(std::memory_order_relaxed)) {
        epoch_guard guard;
        auto* seen = current.load(std::memory_order_acquire);
        for (int n = 0; n < 4; ++n)
          if (seen->alive.load(std::memory_order_relaxed) != 0x600d)
            ++failures;
        ++looks;
      }
    });
  {
    retire_list list;
    const auto change = [&] {
      list.reserve(1);
      list.retire(current.exchange(new object, std::memory_order_acq_rel), object::free);
    };
    for (int i = 0; i < changes || looks < 1000; ++i) {
      change();
      auto freed_here = i % 50 == 0 ? list.collect_now() : list.collect();
    }
    done = true;
    for (auto& reader : readers)
      reader.join();
    change();
    CHECK_FALSE(list.collect_now().empty());
    CHECK(list.pending() == 0);
  }
  CHECK(failures == 0);
  delete current.load();
}
