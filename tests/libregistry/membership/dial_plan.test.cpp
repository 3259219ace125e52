#include <registry/membership/internal/dial_plan.hpp>

#include <support/catch.hpp>

#include <set>

using namespace registry;
using namespace std::chrono_literals;

namespace {

const node_address destination{"there", 1};

/// Dials if that is due.
std::optional<std::uint64_t> begin(dial_plan& plan, instant now, dial_rank rank = dial_rank::proven) {
  return plan.due(destination, now) ? std::optional{plan.begin(destination, rank, now)} : std::nullopt;
}

} // namespace

TEST_CASE("an address is dialled once at a time") {
  dial_plan plan({}, 1);
  const auto number = begin(plan, 0s);
  REQUIRE(number);
  CHECK(plan.under_way_since(destination) == 0s);
  CHECK(plan.under_way(dial_rank::proven) == 1);
  CHECK_FALSE(begin(plan, 100s));
  CHECK(plan.answered(*number, {1, 1}, 200s) == destination);
  CHECK_FALSE(plan.under_way_since(destination));
  CHECK(plan.under_way(dial_rank::proven) == 0);
  CHECK(plan.answered_by(destination) == incarnation{1, 1});
  CHECK(begin(plan, 300s) > number);
}

TEST_CASE("what needs no haste is dialled again after about an interval, by no two nodes in step") {
  std::set<instant> all;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    dial_plan plan({}, seed);
    CHECK(plan.leisurely_after(destination, 40s) == instant{});
    for (const auto at : {100s, 300s}) {
      const auto number = begin(plan, at);
      REQUIRE(number);
      plan.answered(*number, {1, 1}, at);
      const auto wait = plan.leisurely_after(destination, 40s) - at;
      CHECK(wait >= 30s);
      CHECK(wait <= 50s);
      all.insert(wait);
    }
  }
  CHECK(all.size() == 40);
}

TEST_CASE("waits grow with failures up to the longest, and start over after a success") {
  dial_plan plan({1s, 8s}, 1);
  instant now{};
  for (int i = 0; i < 70; ++i) {
    CAPTURE(i);
    REQUIRE(begin(plan, now));
    plan.failed(destination, dial_failure::refused, now);
    const auto wait = std::min<instant>(8s, instant{1s} * (1 << std::min(i, 3)));
    CHECK_FALSE(begin(plan, now + wait / 2 - 1ns));
    now += wait;
  }
  const auto number = begin(plan, now);
  REQUIRE(number);
  plan.answered(*number, {1, 1}, now);
  plan.broken(destination, false, now);
  REQUIRE(begin(plan, now));
  plan.failed(destination, dial_failure::refused, now);
  CHECK(begin(plan, now + 1s));
}

TEST_CASE("a short-lived link delays the next dial") {
  dial_plan plan({1s, 8s}, 1);
  plan.answered(begin(plan, 0s).value(), {1, 1}, 0s);
  plan.broken(destination, true, 0s);
  CHECK_FALSE(begin(plan, 499ms));
  CHECK(begin(plan, 1s));
}

TEST_CASE("only the first failure of a kind is reported until a dial succeeds") {
  dial_plan plan({1s, 8s}, 1);
  begin(plan, 0s);
  CHECK(plan.failed(destination, dial_failure::wrong_secret, 0s));
  begin(plan, 100s);
  CHECK_FALSE(plan.failed(destination, dial_failure::wrong_secret, 100s));
  CHECK(plan.failed(destination, dial_failure::wrong_version, 100s));
  plan.answered(begin(plan, 200s).value(), {1, 1}, 0s);
  CHECK(plan.failed(destination, dial_failure::wrong_secret, 200s));
}

TEST_CASE("dials are counted by rank until they end, whichever way") {
  dial_plan plan({}, 1);
  begin(plan, 0s, dial_rank::hearsay);
  CHECK(plan.under_way(dial_rank::hearsay) == 1);
  CHECK(plan.under_way(dial_rank::proven) == 0);
  plan.failed(destination, dial_failure::unreachable, 0s);
  plan.failed(destination, dial_failure::unreachable, 0s);
  CHECK(plan.under_way(dial_rank::hearsay) == 0);
  plan.answered(begin(plan, 100s).value(), {1, 1}, 100s);
  CHECK(plan.under_way(dial_rank::proven) == 0);
  CHECK_FALSE(plan.answered(0, {1, 1}, 100s));
}

TEST_CASE("addresses that are no longer wanted are forgotten, but for dials in progress") {
  dial_plan plan({1s, 8s}, 1);
  begin(plan, 0s);
  const node_address elsewhere{"elsewhere", 1};
  plan.begin(elsewhere, dial_rank::hearsay, 0s);
  plan.forget_others({});
  CHECK(plan.size() == 2);
  plan.failed(destination, dial_failure::refused, 0s);
  plan.failed(elsewhere, dial_failure::refused, 0s);
  plan.forget_others({destination});
  CHECK(plan.size() == 1);
  CHECK_FALSE(begin(plan, 499ms)); // the wait is not forgotten
  CHECK(plan.due(elsewhere, 0s));
}

TEST_CASE("addresses that nobody needs are forgotten, unless they are being dialled") {
  const node_address other{"other", 1};
  dial_plan plan({1s, 8s}, 1);
  begin(plan, 0s);
  const auto number = plan.begin(other, dial_rank::proven, 0s);
  plan.forget_others({});
  CHECK(plan.size() == 2);
  plan.failed(destination, dial_failure::refused, 0s);
  plan.forget_others({destination});
  CHECK(plan.size() == 2);
  plan.forget_others({});
  CHECK(plan.size() == 1);
  CHECK(plan.answered(number, {1, 1}, 0s) == other);
  plan.forget_others({});
  CHECK(plan.size() == 0);
}

TEST_CASE("equal random seeds give equal waits, different ones drift apart") {
  const auto wait = [](std::uint64_t seed) {
    dial_plan plan({1s, 8s}, seed);
    begin(plan, 0s);
    plan.failed(destination, dial_failure::refused, 0s);
    instant now{};
    while (!begin(plan, now))
      now += 1ms;
    return now;
  };
  CHECK(wait(1) == wait(1));
  CHECK(wait(1) != wait(2));
}
