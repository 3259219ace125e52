#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>

namespace registry::inline v0_2 {

/// Deliveries in progress on threads that have released the drain lock.
class deliveries {
public:
  /// Begins a delivery on the calling thread, which must end it.
  std::uint64_t begin();
  void end(std::uint64_t number);
  /// Waits for the earlier deliveries of other threads. Not inside a delivery, and no longer than the patience: a companion
  /// handles a message during its delivery, and may wait for the caller.
  void wait(std::chrono::milliseconds patience);

private:
  std::mutex lock_;
  std::condition_variable ended_;
  std::set<std::uint64_t> under_way_;
  std::uint64_t last_ = 0;
};

} // namespace registry::inline v0_2
