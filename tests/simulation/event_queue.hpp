#pragma once

#include <registry/membership/internal/link.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace registry::simulation {

/// Simulated time, with the actions that are planned for it. Of two actions at one instant the one that was planned first
/// runs first.
class event_queue {
public:
  [[nodiscard]] instant now() const noexcept { return now_; }

  void after(instant delay, std::function<void()> action) {
    heap_.push_back({now_ + delay, ++planned_, std::move(action)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  void run_until(instant end) {
    while (!heap_.empty() && heap_.front().when <= end) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      auto next = std::move(heap_.back());
      heap_.pop_back();
      now_ = next.when;
      next.action();
    }
    now_ = end;
  }

private:
  struct item {
    instant when;
    std::uint64_t number;
    std::function<void()> action;
  };
  static bool later(const item& a, const item& b) { return std::pair{a.when, a.number} > std::pair{b.when, b.number}; }

  instant now_{};
  std::uint64_t planned_ = 0;
  std::vector<item> heap_;
};

} // namespace registry::simulation
