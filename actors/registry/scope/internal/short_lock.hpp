#pragma once

#include <registry/scope/internal/mutex.hpp>

#include <pthread.h>

namespace registry::inline v0_2 {

/// A mutex for sections that are shorter than it takes to put a thread to sleep and wake it: a thread that finds it locked
/// spins before it sleeps, for about as long as it had to before. Blocking; not fair. Where the C library is not glibc, it
/// is a plain mutex.
class adaptive_mutex {
public:
  adaptive_mutex() = default;
  adaptive_mutex(const adaptive_mutex&) = delete;
  adaptive_mutex& operator=(const adaptive_mutex&) = delete;
  ~adaptive_mutex() { pthread_mutex_destroy(&mutex_); }

  void lock() { pthread_mutex_lock(&mutex_); }
  bool try_lock() { return pthread_mutex_trylock(&mutex_) == 0; }
  void unlock() { pthread_mutex_unlock(&mutex_); }

private:
#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
  pthread_mutex_t mutex_ = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
#else
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
#endif
};

using short_lock = observable<adaptive_mutex>;

} // namespace registry::inline v0_2
