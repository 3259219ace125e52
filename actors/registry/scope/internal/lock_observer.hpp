#pragma once

namespace registry::inline v0_2 {

/// Observes the locks of scopes that its thread takes. Tests use it to run threads step by step, in every order.
class lock_observer {
public:
  virtual ~lock_observer() = default;

  /// The thread is about to take a lock, for which it may have to wait.
  virtual void before_lock(const void* lock) = 0;
  /// It has taken one.
  virtual void after_lock(const void* lock) = 0;
  virtual void after_unlock(const void* lock) = 0;

  /// That of the calling thread; usually null.
  inline static constinit thread_local lock_observer* current = nullptr;
};

} // namespace registry::inline v0_2
