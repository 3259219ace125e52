#pragma once

#include <node/fold.hpp>

#include <registry/scope/scope.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cluster_tests {

/// A subscriber of a whole scope: folds its events, and counts them. Any thread.
class watcher {
public:
  watcher(caf::actor_system& system, registry::scope watched);
  watcher(const watcher&) = delete;
  watcher& operator=(const watcher&) = delete;
  ~watcher();

  /// How many entries the events named since the last call with `reset`, by verb and reason (`"join/resync"`), and `"lagged"`;
  /// and the delays in microseconds (median, 99 % and greatest) of values that say when they were made.
  [[nodiscard]] registry::value tally(bool reset);
  /// Waits until the fold is what the table is. Returns what is wrong: the difference that stays, or an event that cannot be.
  [[nodiscard]] std::string verify(std::chrono::milliseconds patience) const;

private:
  struct state {
    void take(const registry::events& pending);
    void count(const registry::event& change);

    std::mutex lock;
    std::condition_variable changed;
    fold known;
    std::vector<std::pair<std::string, std::int64_t>> counts;
    std::vector<std::int64_t> delays;
  };

  registry::scope watched_;
  std::shared_ptr<state> state_ = std::make_shared<state>();
  caf::actor actor_;
};

/// The time of this host in microseconds, the same for all of its processes.
std::int64_t microseconds_now();

} // namespace cluster_tests
