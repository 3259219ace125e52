#pragma once

#include <registry/internal/deferral.hpp>
#include <registry/scope/internal/lock_observer.hpp>

#include <mutex>

namespace registry::inline v0_2 {

/// A lock that can be observed. `Base` is a mutex.
template <class Base>
class observable {
public:
  void lock() {
    auto* const observer = lock_observer::current;
    if (observer != nullptr)
      observer->before_lock(this);
    base_.lock();
    count(1);
    if (observer != nullptr)
      observer->after_lock(this);
  }
  bool try_lock() {
    auto* const observer = lock_observer::current;
    if (observer != nullptr)
      observer->before_lock(nullptr); // a step, but no wait
    const bool owned = base_.try_lock();
    count(owned ? 1 : 0);
    if (observer != nullptr && owned)
      observer->after_lock(this);
    return owned;
  }
  void unlock() {
    base_.unlock();
    count(-1);
    if (auto* observer = lock_observer::current)
      observer->after_unlock(this);
  }

private:
  /// See `internal::assert_unlocked`. Programs that use the library do not count, however they are built.
  static void count([[maybe_unused]] int change) noexcept {
#ifdef REGISTRY_COUNT_LOCKS
    internal::locks_held += change;
#endif
  }

  Base base_;
};

using mutex = observable<std::mutex>;

} // namespace registry::inline v0_2
