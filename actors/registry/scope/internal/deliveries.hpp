#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>

namespace registry {

/// The deliveries that threads are busy with after they have released the drain lock.
class deliveries {
public:
  /// Begins one, on the thread that ends it.
  std::uint64_t begin();
  void end(std::uint64_t number);
  /// Waits for those of other threads that have begun before. Not inside of a delivery, and no longer than the patience: a
  /// companion handles a message inside of its delivery, and may wait for the caller.
  void wait(std::chrono::milliseconds patience);

private:
  std::mutex lock_;
  std::condition_variable ended_;
  std::set<std::uint64_t> under_way_;
  std::uint64_t last_ = 0;
};

} // namespace registry
