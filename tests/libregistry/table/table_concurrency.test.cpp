#include <registry/table/table.hpp>

#include <support/effort.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace registry;
using testing::make_member;

namespace {

constexpr std::uint64_t key_count = 60;

std::string key_of(std::uint64_t i) {
  return "key:" + std::to_string(i);
}

/// Whether positions ascend and the data of each entry agrees with its other fields.
bool consistent(const group& g) {
  std::uint64_t last = 0;
  std::size_t count = 0;
  for (auto& x : g) {
    if (x.position <= last || x.number != x.position || x.data.as_integer() != static_cast<std::int64_t>(x.position))
      return false;
    last = x.position;
    ++count;
  }
  return count == g.size();
}

entry numbered_entry(std::uint64_t position, const member& who) {
  return {who, static_cast<std::int64_t>(position), position, position, 0};
}

} // namespace

TEST_CASE("a lasting entry is never absent while others join, leave and change around it") {
  auto seed = testing::seed();
  CAPTURE(seed);
  auto who = make_member(1);
  table t;
  // The entry at position 1 of each key lasts.
  for (std::uint64_t i = 0; i < key_count; ++i)
    t.assign(key_of(i), group().with(numbered_entry(1, who)));
  std::atomic<bool> done{false};
  std::atomic<int> faults{0};
  std::mutex mutex;
  table_snapshot shared = t.snapshot();
  std::latch ready(4);

  auto look = [&](const group& g) {
    if (!g.at_position(1) || !consistent(g))
      ++faults;
  };
  std::vector<std::thread> readers;
  for (std::uint64_t n = 0; n < 2; ++n)
    readers.emplace_back([&, n] {
      std::mt19937_64 random(seed + n);
      std::vector<group> views;
      ready.arrive_and_wait();
      do {
        auto g = t.find(key_of(random() % key_count));
        look(g);
        views.push_back(std::move(g));
        if (views.size() > 20) {
          for (auto& old : views)
            look(old);
          views.clear();
        }
        if (t.size() < key_count)
          ++faults;
      } while (!done.load(std::memory_order_relaxed));
    });
  readers.emplace_back([&] {
    ready.arrive_and_wait();
    do {
      table_snapshot s;
      {
        std::lock_guard lock(mutex);
        s = shared;
      }
      std::size_t entries = 0;
      std::size_t keys = 0;
      s.for_each([&](const value&, const group& g) {
        look(g);
        entries += g.size();
        ++keys;
      });
      if (entries != s.size() || keys != s.key_count() || keys != key_count)
        ++faults;
    } while (!done.load(std::memory_order_relaxed));
  });

  std::mt19937_64 random(seed);
  ready.arrive_and_wait();
  for (std::uint64_t step = 2; step < 12000; ++step) {
    auto key = key_of(random() % key_count);
    auto now = t.find(key);
    if (auto choice = random() % 4; choice == 0 && now.size() > 1)
      now = now.without(now[1 + random() % (now.size() - 1)].position);
    else if (choice == 1)
      now = now.replaced(now[random() % now.size()]);
    else if (choice == 2 && now.size() > 60)
      now = group().with(*now.at_position(1));
    else
      now = now.with(numbered_entry(step, who));
    t.assign(key, std::move(now));
    if (step % 64 == 0) {
      auto next = t.snapshot();
      std::lock_guard lock(mutex);
      shared.swap(next);
    }
    auto freed = t.collect();
  }
  done = true;
  for (auto& reader : readers)
    reader.join();
  CHECK(faults == 0);
  CHECK(t.key_count() == key_count);
}

namespace {

/// In the test below a member's entries are pairs of adjacent positions. The even one is added first and removed first, one
/// pair after the other. So at any instant there is at most one half of a pair.
bool in_pairs(const std::vector<member_entry>& held) {
  std::vector<std::uint64_t> positions;
  for (const auto& x : held) {
    if (x.key.as_integer() != static_cast<std::int64_t>(x.position))
      return false;
    positions.push_back(x.position);
  }
  std::sort(positions.begin(), positions.end());
  if (std::adjacent_find(positions.begin(), positions.end()) != positions.end())
    return false;
  std::set<std::uint64_t> halves;
  for (const auto x : positions)
    if (const auto pair = x / 2; halves.erase(pair) == 0)
      halves.insert(pair);
  return halves.size() <= 1;
}

} // namespace

TEST_CASE("a reader sees the entries of a member at one instant") {
  auto seed = testing::seed();
  CAPTURE(seed);
  // Few entries live in one leaf, many in a tree of several levels.
  for (const std::size_t size : {2U, 30U, 1000U}) {
    CAPTURE(size);
    const auto who = make_member(1);
    table t;
    std::atomic<bool> done{false};
    std::atomic<int> faults{0};
    std::atomic<std::uint64_t> looks{0};
    std::vector<std::thread> readers;
    for (int n = 0; n < 2; ++n)
      readers.emplace_back([&] {
        do {
          if (!in_pairs(t.held_by(who)))
            ++faults;
          ++looks;
        } while (!done.load(std::memory_order_relaxed));
      });
    std::mt19937_64 random(seed);
    std::vector<std::uint64_t> pairs;
    const auto change = [&](std::uint64_t position, bool add) {
      const auto key = value(static_cast<std::int64_t>(position));
      if (add)
        t.add_member_entry(who, key, position);
      else
        t.remove_member_entry(who, key, position);
      auto freed = t.collect();
    };
    const auto steps = testing::repetitions(20'000);
    for (std::uint64_t step = 1; step < steps || looks < 100; ++step) {
      if (pairs.empty() || random() % (2 * size) > pairs.size()) {
        pairs.push_back(step);
        change(2 * step, true);
        change(2 * step + 1, true);
      } else {
        std::swap(pairs[random() % pairs.size()], pairs.back());
        change(2 * pairs.back(), false);
        change(2 * pairs.back() + 1, false);
        pairs.pop_back();
      }
    }
    done = true;
    for (auto& reader : readers)
      reader.join();
    CHECK(faults == 0);
    CHECK(t.count_held_by(who) == 2 * pairs.size());
  }
}

TEST_CASE("the reverse index is read while members come and go") {
  auto seed = testing::seed();
  CAPTURE(seed);
  constexpr std::uint64_t member_count = 40;
  std::vector<member> members;
  for (std::uint64_t i = 0; i < member_count; ++i)
    members.push_back(make_member(i + 1));
  table t;
  std::atomic<bool> done{false};
  std::atomic<int> faults{0};
  std::atomic<std::uint64_t> found{0};
  std::vector<std::thread> readers;
  for (std::uint64_t n = 0; n < 2; ++n)
    readers.emplace_back([&, n] {
      std::mt19937_64 random(seed + n);
      do {
        // First comes "a", then "b", and then both go at once.
        const auto held = t.held_by(members[random() % member_count]);
        const auto both = held.size() == 2 && identical(held[0].key, "b") != identical(held[1].key, "b") &&
                          (held[0].position ^ held[1].position) == 1;
        if (!held.empty() && !both && !(held.size() == 1 && identical(held[0].key, "a")))
          ++faults;
        if (!held.empty())
          ++found;
      } while (!done.load(std::memory_order_relaxed));
    });
  std::mt19937_64 random(seed);
  for (std::uint64_t step = 1; step < 12000 || found < 100; ++step) {
    auto& who = members[random() % member_count];
    t.remove_member_entries(who);
    if (random() % 3 != 0) {
      t.add_member_entry(who, "a", 2 * step);
      t.add_member_entry(who, "b", 2 * step + 1);
    }
    if (random() % 8 == 0)
      t.renew(make_member(who->id()));
    auto freed = t.collect();
  }
  done = true;
  for (auto& reader : readers)
    reader.join();
  CHECK(faults == 0);
}
