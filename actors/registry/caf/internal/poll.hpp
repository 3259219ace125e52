#pragma once

#include <chrono>

namespace registry::inline v0_2::internal {

/// A thread that has nothing to do looks for work for a while before it sleeps, since waking it would take longer than the work.
class poll {
public:
  explicit poll(std::chrono::nanoseconds duration) noexcept : duration_(duration) {}

  [[nodiscard]] bool is_enabled() const noexcept { return duration_.count() > 0; }
  /// Begins, or begins anew.
  void start() noexcept;
  /// Gives way to other threads, and says whether to look again. Not if the time is over, or others keep the core busy.
  [[nodiscard]] bool yield() const noexcept;

private:
  std::chrono::nanoseconds duration_;
  std::chrono::steady_clock::time_point end_;
};

} // namespace registry::inline v0_2::internal
