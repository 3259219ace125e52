#pragma once

#include <registry/scope/lock_observer.hpp>

#include <mutex>

namespace registry {

/// A lock that can be observed. `Base` is a mutex.
template <class Base>
class observable {
public:
  void lock() {
    auto* const observer = lock_observer::current;
    if (observer != nullptr)
      observer->before_lock(this);
    base_.lock();
    if (observer != nullptr)
      observer->after_lock(this);
  }
  bool try_lock() {
    auto* const observer = lock_observer::current;
    if (observer != nullptr)
      observer->before_lock(nullptr); // a step, but no wait
    const bool owned = base_.try_lock();
    if (observer != nullptr && owned)
      observer->after_lock(this);
    return owned;
  }
  void unlock() {
    base_.unlock();
    if (auto* observer = lock_observer::current)
      observer->after_unlock(this);
  }

private:
  Base base_;
};

using mutex = observable<std::mutex>;

} // namespace registry
