#include <registry/membership/internal/peer_clocks.hpp>

#include <support/seed.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <random>
#include <utility>

using namespace registry;
using namespace std::chrono_literals;

namespace {

constexpr incarnation near_end{0, 1};
constexpr incarnation far_end{0, 2};

/// A node with two clocks, whose zeros differ from those of others.
struct clocked_node {
  [[nodiscard]] instant monotonic(instant time) const { return time + uptime; }
  [[nodiscard]] wall_time wall(instant time) const { return time + ahead + 1'764'450'000s; }

  clock_stamp say(const incarnation& to, instant time) {
    clocks.begin_round(monotonic(time), wall(time));
    return clocks.stamp_for(to, monotonic(time));
  }
  void hear(const incarnation& from, const clock_stamp& said, instant time) {
    clocks.received(from, said, monotonic(time), wall(time));
  }

  instant uptime{};
  std::chrono::nanoseconds ahead{};
  peer_clocks clocks = {};
};

} // namespace

TEST_CASE("two exchanged heartbeats tell the offset of a clock and the round trip") {
  clocked_node a{100h, 0s};
  clocked_node b{3s, 7s};
  b.hear(near_end, a.say(far_end, 0ms), 10ms);
  CHECK_FALSE(b.clocks.estimate_of(near_end));
  a.hear(far_end, b.say(near_end, 400ms), 410ms);
  const auto at_a = a.clocks.estimate_of(far_end).value();
  CHECK(at_a.offset == 7s);
  CHECK(at_a.round_trip == 20ms);
  b.hear(near_end, a.say(far_end, 500ms), 510ms);
  const auto at_b = b.clocks.estimate_of(near_end).value();
  CHECK(at_b.offset == -7s);
  CHECK(at_b.round_trip == 20ms);
}

TEST_CASE("the true offset is within half the round trip, whatever the delays") {
  std::mt19937_64 random(registry::testing::seed());
  const auto some_time = [&](std::int64_t most) {
    return std::chrono::nanoseconds{static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most))};
  };
  for (int i = 0; i < 1000; ++i) {
    clocked_node a{some_time(1'000'000'000'000), 0s};
    clocked_node b{some_time(1'000'000'000'000), some_time(20'000'000'000) - 10s};
    instant time{};
    for (int round = 0; round < 20; ++round) {
      auto arrival = time + some_time(50'000'000);
      b.hear(near_end, a.say(far_end, time), arrival);
      time = arrival + some_time(500'000'000);
      arrival = time + some_time(50'000'000);
      a.hear(far_end, b.say(near_end, time), arrival);
      time = arrival + some_time(500'000'000);
      const auto estimate = a.clocks.estimate_of(far_end).value();
      REQUIRE(std::chrono::abs(estimate.offset - b.ahead) <= estimate.round_trip / 2 + 1ns);
    }
  }
}

TEST_CASE("the measurement with the least round trip of the last eight counts") {
  clocked_node a;
  clocked_node b{0s, 1s};
  instant time{};
  const auto exchange = [&](instant there) {
    b.hear(near_end, a.say(far_end, time), time + there);
    a.hear(far_end, b.say(near_end, time + there), time + there);
    time += 500ms;
  };
  exchange(2ms);
  CHECK(a.clocks.estimate_of(far_end)->round_trip == 2ms);
  CHECK(a.clocks.estimate_of(far_end)->offset == 1s + 1ms); // all of the delay was on the way there
  for (int i = 0; i < 7; ++i)
    exchange(80ms);
  CHECK(a.clocks.estimate_of(far_end)->round_trip == 2ms);
  exchange(80ms);
  CHECK(a.clocks.estimate_of(far_end)->round_trip == 80ms);
}

TEST_CASE("a wall clock that jumps spoils no round trip") {
  clocked_node a;
  clocked_node b;
  b.hear(near_end, a.say(far_end, 0ms), 5ms);
  a.ahead = -1h;
  b.ahead = 2h;
  a.hear(far_end, b.say(near_end, 100ms), 105ms);
  CHECK(a.clocks.estimate_of(far_end)->round_trip == 10ms);
  CHECK(a.clocks.estimate_of(far_end)->offset == 3h);
}

TEST_CASE("an echo of what was not sent, or of what is long past, and an impossible one are ignored") {
  clocked_node a;
  const auto sent = a.say(far_end, 1s);
  a.hear(far_end, {5s, sent.sent + 1ns, 0s}, 2s);
  CHECK_FALSE(a.clocks.estimate_of(far_end));
  a.hear(far_end, {5s, 0s, 0s}, 2s);
  CHECK_FALSE(a.clocks.estimate_of(far_end));
  a.hear(far_end, {5s, sent.sent, 2s}, 2s); // held for longer than it was away
  CHECK_FALSE(a.clocks.estimate_of(far_end));
  a.hear(far_end, {5s, sent.sent, clock_stamp::latest}, 2s);
  CHECK_FALSE(a.clocks.estimate_of(far_end));
  for (int i = 0; i < static_cast<int>(peer_clocks::remembered); ++i)
    (void)a.say(far_end, 2s + i * 1ms);
  a.hear(far_end, {5s, sent.sent, 0s}, 3s);
  CHECK_FALSE(a.clocks.estimate_of(far_end));
}

TEST_CASE("nothing is known of a peer that was forgotten") {
  clocked_node a;
  clocked_node b;
  b.hear(near_end, a.say(far_end, 0ms), 1ms);
  a.hear(far_end, b.say(near_end, 2ms), 3ms);
  REQUIRE(a.clocks.estimate_of(far_end));
  a.clocks.forget(far_end);
  CHECK_FALSE(a.clocks.estimate_of(far_end));
  CHECK(a.say(far_end, 4ms).echo == 0s);
}
