#pragma once

#include <cassert>
#include <concepts>
#include <utility>

// What must not happen while a lock is held: the application's code. It hides in destructors (of the last handle of an actor), in
// deliveries (a companion handles a message inside of them) and in callbacks.

namespace registry::internal {

/// While one is open on a thread, what that thread gives to `keep` is destroyed, and what it gives to `later` is called, when
/// the outermost one ends: in the order given, with no deferral open. Open one before each lock that is not a leaf.
class deferral {
public:
  deferral() noexcept : outer_(std::exchange(innermost, this)) {}
  deferral(const deferral&) = delete;
  deferral& operator=(const deferral&) = delete;
  ~deferral();

  /// Whether one is open on this thread: then the thread holds a lock, or is about to.
  [[nodiscard]] static bool is_open() noexcept { return innermost != nullptr; }

  /// Destroys an object as soon as no deferral is open. Ends the process if there is no memory for that.
  template <class T>
  static void keep(T x) noexcept {
    if (is_open())
      innermost->append(new kept<T>(std::move(x)));
  }
  /// Calls a function as soon as no deferral is open, at once if none is. Ends the process if there is no memory for that, or if
  /// the function throws.
  template <std::invocable Function>
  static void later(Function what) noexcept {
    if (is_open())
      innermost->append(new call<Function>(std::move(what)));
    else
      what();
  }

private:
  struct task {
    virtual ~task() = default;
    virtual void run() {}
    task* next = nullptr;
  };
  template <class T>
  struct kept final : task {
    explicit kept(T&& x) : held(std::move(x)) {}
    T held;
  };
  template <class Function>
  struct call final : task {
    explicit call(Function&& x) : what(std::move(x)) {}
    void run() override { what(); }
    Function what;
  };

  void append(task* x) noexcept {
    *last_ = x;
    last_ = &x->next;
  }

  inline static constinit thread_local deferral* innermost = nullptr;

  deferral* const outer_;
  task* first_ = nullptr;
  task** last_ = &first_;
};

/// The locks of scopes and of the mesh that this thread holds. Counted in debug builds of this project, and only there.
inline constinit thread_local int locks_held = 0;

/// That the application's code may run here, such as a destructor of it. Checked in debug builds.
inline void assert_unlocked() noexcept {
  assert(!deferral::is_open() && locks_held == 0);
}

} // namespace registry::internal
