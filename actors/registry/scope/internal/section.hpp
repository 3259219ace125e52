#pragma once

#include <registry/internal/deferral.hpp>

#include <mutex>

namespace registry::inline v0_2 {

/// Holds a lock; deferred work runs after the release.
template <class Lock>
class section {
public:
  explicit section(Lock& lock) : guard_(lock) {}
  section(Lock& lock, std::try_to_lock_t how) : guard_(lock, how) {}

  [[nodiscard]] bool owns_lock() const noexcept { return guard_.owns_lock(); }
  [[nodiscard]] std::unique_lock<Lock>& guard() noexcept { return guard_; }

private:
  internal::deferral after_; // ends after the guard
  std::unique_lock<Lock> guard_;
};

} // namespace registry::inline v0_2
