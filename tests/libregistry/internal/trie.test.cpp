#include <libregistry/internal/numbered_trie.hpp>

#include <support/allocation.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace registry;
using namespace registry::internal;
using namespace registry::testing::numbered;

TEST_CASE("a trie behaves like a map whatever the hash, and snapshots never change") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  auto before = live_payloads.load();
  for (auto& kind : hash_kinds) {
    CAPTURE(kind.name);
    retire_list retired;
    map actual(retired);
    model expected;
    std::vector<std::pair<view, model>> kept;
    for (int step = 0; step < 6000; ++step) {
      auto key = random() % 300;
      auto hash = kind.hash(key);
      auto growing = (step / 1000) % 2 == 0;
      if (random() % 10 < (growing ? 7U : 3U)) {
        auto number = static_cast<std::uint64_t>(step) + 1;
        auto* previous = actual.assign(hash, key, map::payload_ptr(new payload(number)));
        auto& slot = expected[key];
        REQUIRE((previous ? previous->number : 0) == slot);
        slot = number;
      } else {
        auto* previous = actual.erase(hash, key);
        auto at = expected.find(key);
        REQUIRE((previous ? previous->number : 0) == (at == expected.end() ? 0 : at->second));
        if (at != expected.end())
          expected.erase(at);
      }
      if (random() % 200 == 0)
        kept.emplace_back(view(actual), expected);
      if (random() % 300 == 0)
        kept.clear();
      auto other = random() % 300;
      auto at = expected.find(other);
      REQUIRE(get(actual, kind.hash(other), other) == (at == expected.end() ? 0 : at->second));
      if (step % 20 == 0)
        auto freed = retired.collect_now();
      if (step % 100 == 0) {
        auto found = inspect(actual);
        REQUIRE(found.fault == "");
        REQUIRE(found.rows == expected.size());
        REQUIRE(view(actual).content() == expected);
      }
    }
    for (auto& [old, content] : kept)
      REQUIRE(old.content() == content);
    while (!expected.empty()) {
      auto key = expected.begin()->first;
      actual.erase(kind.hash(key), key);
      expected.erase(expected.begin());
    }
    auto found = inspect(actual);
    CHECK(found.inners == 1);
    CHECK(found.leaves == 0);
  }
  CHECK(live_payloads == before);
}

TEST_CASE("editing many keys at once gives the same as editing them one by one, and snapshots never change") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  auto before = live_payloads.load();
  for (auto& kind : hash_kinds) {
    CAPTURE(kind.name);
    retire_list retired;
    map actual(retired);
    model expected;
    std::vector<std::pair<view, model>> kept;
    for (int round = 0; round < 60; ++round) {
      const auto keys = 1 + random() % (round % 3 == 0 ? 20 : 3000);
      for (auto n = random() % keys; n > 0; --n) {
        auto key = random() % keys;
        assign(actual, kind.hash(key), key, key + 1);
        expected[key] = key + 1;
      }
      if (round % 4 == 1)
        kept.emplace_back(view(actual), expected);
      if (round % 10 == 9)
        kept.clear();
      std::vector<std::uint64_t> hashes; // of keys that exist and of some that do not
      for (auto n = random() % (2 * keys); n > 0; --n)
        hashes.push_back(kind.hash(random() % (keys + 10)));
      std::ranges::sort(hashes, {}, map::order_of);
      hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
      // Some keys are removed, some get another payload, some stay as they are.
      std::size_t asked = 0;
      actual.edit(hashes, [&](const std::uint64_t& hash, std::uint64_t key, payload* old) {
        ++asked;
        CHECK((&hash >= hashes.data() && hash == kind.hash(key)));
        CHECK(old->number == expected.at(key));
        switch (mix(key + static_cast<std::uint64_t>(round)) % 3) {
        case 0:
          traits::retain(old);
          return map::payload_ptr(old);
        case 1:
          return map::payload_ptr(new payload(expected[key] = old->number + 1000));
        default:
          return map::payload_ptr();
        }
      });
      std::size_t there = 0;
      const std::set<std::uint64_t> edited(hashes.begin(), hashes.end());
      for (auto at = expected.begin(); at != expected.end();) {
        const bool mine = edited.contains(kind.hash(at->first));
        there += mine ? 1 : 0;
        const bool goes = mine && mix(at->first + static_cast<std::uint64_t>(round)) % 3 == 2;
        at = goes ? expected.erase(at) : std::next(at);
      }
      CHECK(asked == there);
      auto found = inspect(actual);
      REQUIRE(found.fault == "");
      REQUIRE(view(actual).content() == expected);
      for (auto& [old, content] : kept)
        REQUIRE(old.content() == content);
      auto freed = retired.collect_now();
    }
  }
  CHECK(live_payloads == before);
}

TEST_CASE("a snapshot outlives its trie") {
  auto before = live_payloads.load();
  {
    std::vector<view> kept;
    {
      retire_list retired;
      map m(retired);
      for (std::uint64_t i = 1; i <= 1000; ++i) {
        assign(m, mix(i), i, i);
        if (i % 100 == 0)
          kept.emplace_back(m);
      }
    }
    for (std::size_t i = 0; i < kept.size(); ++i)
      CHECK(kept[i].content().size() == (i + 1) * 100);
  }
  CHECK(live_payloads == before);
}

TEST_CASE("memory shrinks with the number of keys") {
  constexpr std::uint64_t many = 50000;
  retire_list retired;
  map m(retired);
  for (std::uint64_t i = 0; i < many; ++i)
    assign(m, mix(i), i, 1);
  auto full = inspect(m);
  CHECK(full.rows == many);
  for (std::uint64_t i = 0; i < many; ++i)
    if (i % 32 != 0)
      m.erase(mix(i), i);
  auto freed = retired.collect_now();
  auto rest = inspect(m);
  CHECK(rest.fault == "");
  CHECK(rest.rows == (many + 31) / 32);
  CHECK(rest.inners * 16 < full.inners);
}

TEST_CASE("without a snapshot, or after it is dropped, only leaves are copied") {
  retire_list retired;
  map m(retired);
  for (std::uint64_t i = 0; i < 1000; ++i)
    assign(m, mix(i), i, 1);
  auto freed = retired.collect_now();
  auto* root = view(m).root();
  assign(m, mix(5), 5, 2);
  CHECK(retired.pending() == 1);
  CHECK(view(m).root() == root);
  {
    view held(m);
    assign(m, mix(5), 5, 3);
    CHECK(view(m).root() != root);
    CHECK(get(m, mix(5), 5) == 3);
    CHECK(held.content()[5] == 2);
  }
  freed = retired.collect_now();
  root = view(m).root();
  assign(m, mix(5), 5, 4);
  CHECK(retired.pending() == 1);
  CHECK(view(m).root() == root);
}

TEST_CASE("a trie without memory stays as it was") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  auto before = live_payloads.load();
  for (auto& kind : hash_kinds) {
    CAPTURE(kind.name);
    retire_list retired;
    map m(retired);
    model expected;
    std::vector<view> kept;
    std::size_t refusals = 0;
    for (int step = 0; step < 400; ++step) {
      auto key = random() % 100;
      auto number = static_cast<std::uint64_t>(step) + 1;
      auto erase = random() % 3 == 0;
      if (random() % 4 == 0) {
        kept.clear();
        kept.emplace_back(m);
      }
      std::size_t failures = 0;
      for (bool failed = true; failed; ++failures) {
        failed = false;
        map::payload_ptr next(new payload(number));
        {
          testing::scarce_memory scarce(failures);
          try {
            if (erase)
              m.erase(kind.hash(key), key);
            else
              m.assign(kind.hash(key), key, std::move(next));
          } catch (const std::bad_alloc&) {
            failed = true;
          }
        }
        if (failed)
          REQUIRE(view(m).content() == expected);
      }
      refusals += failures - 1;
      if (erase)
        expected.erase(key);
      else
        expected[key] = number;
      REQUIRE(view(m).content() == expected);
      auto freed = retired.collect();
    }
    CHECK(refusals > 200); // about one for each change
  }
  CHECK(live_payloads == before);
}

TEST_CASE("readers see every lasting key while the writer changes the trie around it") {
  auto seed = testing::seed();
  CAPTURE(seed);
  auto before = live_payloads.load();
  for (auto& kind : {hash_kinds[0], hash_kinds[2], hash_kinds[4]}) {
    CAPTURE(kind.name);
    constexpr std::uint64_t lasting = 20; // these are only replaced, with growing numbers
    constexpr std::uint64_t keys = 200;
    retire_list retired;
    map m(retired);
    for (std::uint64_t key = 0; key < lasting; ++key)
      assign(m, kind.hash(key), key, 1);
    std::atomic<bool> done{false};
    std::atomic<int> faults{0};
    std::atomic<std::uint64_t> looks{0};
    std::vector<std::thread> readers;
    for (std::uint64_t n = 0; n < 2; ++n)
      readers.emplace_back([&, n] {
        std::mt19937_64 random(seed + n);
        std::vector<std::uint64_t> last(lasting, 1);
        while (!done.load(std::memory_order_relaxed)) {
          auto key = random() % (2 * lasting);
          auto number = get(m, kind.hash(key), key);
          if (key < lasting && (number < last[key]))
            ++faults;
          if (key < lasting)
            last[key] = number;
          ++looks;
        }
      });
    std::mt19937_64 random(seed);
    std::vector<view> kept;
    for (std::uint64_t step = 2; step < 15000 || looks < 1000; ++step) {
      auto key = random() % keys;
      if (key < lasting || random() % 2 == 0)
        assign(m, kind.hash(key), key, step);
      else
        m.erase(kind.hash(key), key);
      if (random() % 100 == 0)
        kept.emplace_back(m);
      if (kept.size() > 5)
        kept.clear();
      auto freed = retired.collect();
    }
    done = true;
    for (auto& reader : readers)
      reader.join();
    CHECK(faults == 0);
  }
  CHECK(live_payloads == before);
}
