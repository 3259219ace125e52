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

/// A subscriber of a whole scope that folds and counts its events. Any thread.
class watcher {
public:
  watcher(caf::actor_system& system, registry::scope watched);
  watcher(const watcher&) = delete;
  watcher& operator=(const watcher&) = delete;
  ~watcher();

  /// The number of entries in the events since the last call with `reset`, by verb and reason (`"join/resync"`), and
  /// `"lagged"`; and the delays in microseconds (median, 99 % and greatest) of the values that a `changer` has made.
  [[nodiscard]] registry::value tally(bool reset);
  /// Waits until the fold equals the table. Returns the difference that stays, or the first impossible event; empty if all
  /// is well.
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

} // namespace cluster_tests
