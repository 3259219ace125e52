#include <stress/amount.hpp>
#include <support/fixture.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <iostream>

namespace registry {

namespace {

/// Lets that many members exit at once and prints what one entry costs until the scope is empty.
void exit_at_once(std::int64_t count, bool one_key) {
  testing::one_node n;
  std::vector<member> members;
  for (std::int64_t i = 0; i < count; ++i) {
    members.push_back(n.spawn_idle());
    REQUIRE(n.rooms.join(one_key ? value{"one"} : value{i}, members.back(), i));
  }
  REQUIRE(n.rooms.monitor_scope(n.self));
  n.rooms.flush();
  const auto start = std::chrono::steady_clock::now();
  for (const auto& who : members)
    registry::kill(who);
  testing::one_node::wait_until([&] { return n.rooms.count() == 0; });
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  n.rooms.flush();
  std::size_t left = 0;
  for (const auto& batch : n.taken_batches()) {
    REQUIRE_FALSE(batch.lagged);
    for (const auto& x : batch.changes) {
      CHECK(x->what == verb::leave);
      CHECK(x->why == reason::down);
      left += x->entries.size();
    }
  }
  CHECK(left == members.size());
  std::cout << count << " members of " << (one_key ? "one key" : "keys of their own")
            << " exit: " << took.count() / static_cast<double>(count) << " us per entry\n";
}

} // namespace

TEST_CASE("members that exit at once, each on its own key, are removed one by one", "[stress]") {
  exit_at_once(testing::amount<std::int64_t>(1'000, 10'000), false);
  exit_at_once(testing::amount<std::int64_t>(10'000, 100'000), false);
}

TEST_CASE("members that exit at once, all on one key, are removed one by one", "[stress]") {
  exit_at_once(testing::amount<std::int64_t>(1'000, 10'000), true);
  exit_at_once(testing::amount<std::int64_t>(10'000, 100'000), true);
}

} // namespace registry
