#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/clock_estimate.hpp>
#include <registry/membership/internal/heartbeat.hpp>
#include <registry/membership/internal/link.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>

namespace registry::inline v0_2 {

/// A reading of the wall clock: nanoseconds since 1970, as the system has it. It may jump.
using wall_time = std::chrono::nanoseconds;

/// Estimates the wall clocks of peers from the stamps in heartbeats. Each says when it was sent, by the sender's wall clock, and
/// repeats the last such time that came from the receiver. Deterministic, without a clock; not thread-safe.
///
/// 1. Round trips are measured by monotonic clocks: a wall clock that jumps spoils no more than the offset of that moment.
/// 2. What a peer says is used for that peer only, and an echo of something that was not sent, or that is older than the last
///    `remembered` rounds, is ignored.
class peer_clocks {
public:
  /// How many rounds of heartbeats may pass before an echo is too old.
  static constexpr std::size_t remembered = 32;
  /// Of how many measurements the best one counts.
  static constexpr std::size_t measurements = 8;

  /// Before the heartbeats of a round are sent.
  void begin_round(instant now, wall_time wall);
  /// What goes into the heartbeat to this peer in the round that has begun.
  [[nodiscard]] clock_stamp stamp_for(const incarnation& peer, instant now) const;
  /// A heartbeat of this peer has come.
  void received(const incarnation& peer, const clock_stamp& said, instant now, wall_time wall);
  /// A link with this peer has begun or ended: what was said over another one is no measure.
  void forget(const incarnation& peer) { peers_.erase(peer); }

  /// Nothing before the first echo.
  [[nodiscard]] std::optional<clock_estimate> estimate_of(const incarnation& peer) const;

private:
  struct round {
    wall_time wall;
    instant at;
  };
  struct peer {
    wall_time last_heard{}; // what the last heartbeat said
    instant heard_at{};
    std::array<clock_estimate, measurements> measured{};
    std::size_t count = 0; // of all measurements
  };

  std::deque<round> rounds_;
  std::map<incarnation, peer> peers_;
};

} // namespace registry::inline v0_2
