#include <registry/membership/internal/dial_plan.hpp>

#include <support/catch.hpp>

using namespace registry;
using namespace std::chrono_literals;

namespace {

const node_address there{"there", 1};

} // namespace

TEST_CASE("an address is dialled once at a time") {
  dial_plan plan({}, 1);
  const auto number = plan.begin(there, 0s);
  REQUIRE(number);
  CHECK(plan.under_way(there));
  CHECK_FALSE(plan.begin(there, 100s));
  CHECK(plan.answered(*number, {1, 1}) == there);
  CHECK_FALSE(plan.under_way(there));
  CHECK(plan.answered_by(there) == incarnation{1, 1});
  CHECK(plan.begin(there, 100s) > number);
}

TEST_CASE("waits grow with failures up to the longest, and start over after a success") {
  dial_plan plan({1s, 8s}, 1);
  instant now{};
  for (int i = 0; i < 70; ++i) {
    CAPTURE(i);
    REQUIRE(plan.begin(there, now));
    plan.failed(there, dial_failure::refused, now);
    const auto wait = std::min<instant>(8s, instant{1s} * (1 << std::min(i, 3)));
    CHECK_FALSE(plan.begin(there, now + wait / 2 - 1ns));
    now += wait;
  }
  const auto number = plan.begin(there, now);
  REQUIRE(number);
  plan.answered(*number, {1, 1});
  plan.broken(there, false, now);
  REQUIRE(plan.begin(there, now));
  plan.failed(there, dial_failure::refused, now);
  CHECK(plan.begin(there, now + 1s));
}

TEST_CASE("a short-lived link delays the next dial") {
  dial_plan plan({1s, 8s}, 1);
  plan.answered(plan.begin(there, 0s).value(), {1, 1});
  plan.broken(there, true, 0s);
  CHECK_FALSE(plan.begin(there, 499ms));
  CHECK(plan.begin(there, 1s));
}

TEST_CASE("only the first failure of a kind is reported until a dial succeeds") {
  dial_plan plan({1s, 8s}, 1);
  plan.begin(there, 0s);
  CHECK(plan.failed(there, dial_failure::wrong_secret, 0s));
  plan.begin(there, 100s);
  CHECK_FALSE(plan.failed(there, dial_failure::wrong_secret, 100s));
  CHECK(plan.failed(there, dial_failure::wrong_version, 100s));
  plan.answered(plan.begin(there, 200s).value(), {1, 1});
  CHECK(plan.failed(there, dial_failure::wrong_secret, 200s));
}

TEST_CASE("a node does not dial itself again") {
  dial_plan plan({}, 1);
  plan.begin(there, 0s);
  plan.failed(there, dial_failure::self, 0s);
  CHECK(plan.is_self(there));
  CHECK_FALSE(plan.begin(there, 10h));
}

TEST_CASE("equal random seeds give equal waits, different ones drift apart") {
  const auto wait = [](std::uint64_t seed) {
    dial_plan plan({1s, 8s}, seed);
    plan.begin(there, 0s);
    plan.failed(there, dial_failure::refused, 0s);
    instant now{};
    while (!plan.begin(there, now))
      now += 1ms;
    return now;
  };
  CHECK(wait(1) == wait(1));
  CHECK(wait(1) != wait(2));
}
