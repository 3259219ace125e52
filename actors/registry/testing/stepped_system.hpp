#pragma once

#include <registry/member/member.hpp>
#include <registry/scope/scope.hpp>

#include <caf/fwd.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace registry::inline v0_2 {

class system_config;

namespace testing {

/// An actor system for tests: its actors run in the thread of the test and only when the test says so, in an order that is
/// always the same, and its clock stands until the test moves it. Scopes, subscriptions, coroutines and their timers take
/// part. A test needs no waiting, and a failure repeats itself.
///
/// It is for nodes that are alone, one thread, and actors without threads of their own: neither CAF's detached and
/// blocking actors nor its network are under its control. For as long as it exists its thread counts as one that runs
/// actors, where calls that wait for others are refused with `invalid_argument` instead of hanging. Nodes are destroyed
/// before it, as before any actor system; actors that are left are killed at its end.
class stepped_system {
public:
  /// Takes the place of `caf::actor_system system{config}`. Changes the configuration, which must outlive it. Random
  /// dispatches of this thread follow from the seed.
  explicit stepped_system(system_config& config, std::uint32_t seed = 0);
  ~stepped_system();
  stepped_system(const stepped_system&) = delete;
  stepped_system& operator=(const stepped_system&) = delete;

  /// To spawn actors and start nodes in.
  [[nodiscard]] caf::actor_system& get() const noexcept;

  /// The actors that have something to do, in the order in which `step` lets them do it: those that were spawned, and
  /// those that have messages. The registry's own are among them, such as `scope.actor()`.
  [[nodiscard]] std::vector<member> ready() const;
  /// Lets the first of these go on: it starts, and takes one message if it has any. Returns whether there was one.
  bool step();
  /// The same for this actor, before its turn. Returns whether it had anything to do.
  bool step(const registrant& who);
  /// Steps until no actor has anything to do, or the limit is reached. Returns the number of steps.
  std::size_t run(std::size_t limit = 1'000'000);

  /// What the clock says. Coroutines see the same time (`coroutine_self::now`).
  [[nodiscard]] std::chrono::steady_clock::time_point now() const noexcept;
  /// Lets time pass: runs, then moves the clock from one timer that is due to the next, and runs after each.
  void advance(std::chrono::nanoseconds time);

private:
  struct state;

  const std::unique_ptr<state> state_;
};

} // namespace testing

} // namespace registry::inline v0_2
