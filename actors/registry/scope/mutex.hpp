#pragma once

#include <registry/scope/lock_observer.hpp>

#include <mutex>

namespace registry {

/// A lock that can be observed. `Base` is a mutex.
template <class Base>
class observable {
public:
  void lock() {
    if (auto* observer = lock_observer::current)
      observer->before_lock(this);
    base_.lock();
    locked();
  }
  bool try_lock() {
    if (auto* observer = lock_observer::current)
      observer->before_lock(nullptr); // a step, but no wait
    const bool owned = base_.try_lock();
    if (owned)
      locked();
    return owned;
  }
  void unlock() {
    base_.unlock();
    if (auto* observer = lock_observer::current)
      observer->after_unlock(this);
  }

private:
  void locked() {
    if (auto* observer = lock_observer::current)
      observer->after_lock(this);
  }

  Base base_;
};

using mutex = observable<std::mutex>;

} // namespace registry
