#pragma once

#include <registry/scope/internal/mutex.hpp>

#include <mutex>

namespace registry::inline v0_2 {

/// A mutex for sections that are shorter than it takes to put a thread to sleep and wake it: a thread that finds it locked
/// spins for some microseconds before it sleeps. Blocking; not fair.
class spinning_mutex {
public:
  void lock() {
    for (int i = 0; i < patience; ++i) {
      if (mutex_.try_lock())
        return;
      pause();
    }
    mutex_.lock();
  }
  bool try_lock() { return mutex_.try_lock(); }
  void unlock() { mutex_.unlock(); }

private:
  static constexpr int patience = 100;

  static void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  std::mutex mutex_;
};

using short_lock = observable<spinning_mutex>;

} // namespace registry::inline v0_2
