#include <registry/store/store.hpp>

#include <support/catch.hpp>
#include <support/effort.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

using namespace registry;
using registry::testing::make_member;

TEST_CASE("a reader sees the entries of a member under a key at one instant", "[store]") {
  const auto seed = registry::testing::seed();
  CAPTURE(seed);
  const auto who = make_member(1);
  const auto other = make_member(2);
  const std::vector<member> once{who};
  const std::vector<member> twice{who, other, who};
  store s{store_options{}};
  REQUIRE(s.join("k", once, 1));
  std::atomic<bool> done{false};
  std::atomic<int> faults{0};
  std::atomic<std::uint64_t> looks{0};
  std::vector<std::thread> readers;
  for (int n = 0; n < 2; ++n)
    readers.emplace_back([&] {
      do {
        // Always one or three, of which all belong to the member, in join order.
        const auto entries = s.entries().entries_of(who, "k");
        const bool all_own =
            std::all_of(entries.begin(), entries.end(), [&](const entry& x) { return same_member(x.who, who); });
        const bool in_order = std::is_sorted(entries.begin(), entries.end(),
                                             [](const entry& a, const entry& b) { return a.position < b.position; });
        if ((entries.size() != 1 && entries.size() != 3) || !all_own || !in_order)
          ++faults;
        ++looks;
      } while (!done.load(std::memory_order_relaxed));
    });
  std::mt19937_64 random(seed);
  const auto steps = registry::testing::repetitions(20'000);
  for (std::uint64_t step = 0; step < steps || looks < 100; ++step) {
    REQUIRE(s.join("k", twice, static_cast<std::int64_t>(step)));
    if (random() % 4 == 0)
      REQUIRE(s.update("k", who, -1));
    if (random() % 2 == 0) {
      REQUIRE(s.leave("k", twice));
    } else {
      // The oldest two instead of the latest.
      const auto held = s.entries().entries_of(who, "k");
      const std::vector<store::removal> eldest{{held[0].position, held[0].data}, {held[1].position, held[1].data}};
      REQUIRE(s.leave_if("k", who, eldest));
      REQUIRE(s.leave("k", std::vector{other}));
    }
    static_cast<void>(s.collect());
  }
  done = true;
  for (auto& reader : readers)
    reader.join();
  CHECK(faults == 0);
  CHECK(s.entries().size() == 1);
}

TEST_CASE("a member that is listed several times loses its latest local entries, one for each time", "[store]") {
  store s{store_options{}};
  const auto ann = make_member(1);
  const auto ben = make_member(2);
  for (int i = 0; i < 4; ++i)
    REQUIRE(s.join("k", std::vector{ann}, i));
  const std::vector<remote_change> remote{{1, verb::join, reason::explicit_request, "k", {{1, ann, 4}}}};
  REQUIRE(s.apply(1, remote));
  s.log().observe(true);
  REQUIRE(s.leave("k", std::vector{ann, ben, ann, ann}));
  const auto events = s.log().take().events;
  REQUIRE(events.size() == 1);
  std::vector<value> gone;
  for (const auto& x : events[0]->entries)
    gone.push_back(x.data);
  CHECK(identical(value::list(gone), list(3, 2, 1)));
  CHECK(s.entries().entries_of(ann, "k").size() == 2);
  REQUIRE(s.leave("k", std::vector{ann, ann}));
  CHECK(s.leave("k", std::vector{ann}).error() == errc::not_joined);
  REQUIRE(s.entries().entries_of(ann, "k").size() == 1);
  CHECK(identical(s.entries().entries_of(ann, "k")[0].data, 4));
  CHECK(s.entries().entries_of(ben, "k").empty());
  CHECK(s.entries().entries_of(ann, "another").empty());
}
