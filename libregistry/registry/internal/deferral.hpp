#pragma once

#include <cassert>
#include <concepts>
#include <utility>

// Code of the application must not run while a lock is held. Such code hides in destructors (of the last handle to an
// actor), in deliveries (during which a companion handles the message) and in callbacks.

namespace registry::inline v0_2::internal {

/// While a deferral is open on a thread, objects passed to `keep` stay alive and functions passed to `later` are not called.
/// Both happen when the thread's outermost deferral ends: in the order given, with no deferral open. Open one before each
/// lock that is not a leaf.
class deferral {
  struct task {
    virtual ~task() = default;
    virtual void run() {}
    task* next = nullptr;
  };

public:
  /// What a deferral has left: objects to be destroyed, on any thread that holds no lock.
  class remains {
  public:
    remains() noexcept = default;
    remains(remains&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
    remains& operator=(remains&& other) noexcept {
      std::swap(first_, other.first_);
      return *this;
    }
    ~remains();

    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

  private:
    friend class deferral;
    explicit remains(task* first) noexcept : first_(first) {}
    task* first_ = nullptr;
  };

  deferral() noexcept : outer_(std::exchange(innermost, this)) {}
  deferral(const deferral&) = delete;
  deferral& operator=(const deferral&) = delete;
  ~deferral();

  /// Ends it, which must be the thread's outermost, before its time: calls the functions here and now, and destroys nothing.
  [[nodiscard]] remains end() noexcept;

  /// Whether a deferral is open on this thread, that is, the thread holds a lock or is about to take one.
  [[nodiscard]] static bool is_open() noexcept { return innermost != nullptr; }

  /// Destroys an object as soon as no deferral is open. Ends the process if memory for that runs out.
  template <class T>
  static void keep(T x) noexcept {
    if (is_open())
      innermost->append(new kept<T>(std::move(x)));
  }
  /// Calls a function as soon as no deferral is open; at once if none is. Ends the process if memory for that runs out or
  /// the function throws.
  template <std::invocable Function>
  static void later(Function what) noexcept {
    if (is_open())
      innermost->append(new call<Function>(std::move(what)));
    else
      what();
  }

private:
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

/// The number of locks of scopes and of the mesh that this thread holds. Counted only in debug builds of this project.
inline constinit thread_local int locks_held = 0;

/// Asserts that application code, such as its destructors, may run here. Checked in debug builds.
inline void assert_unlocked() noexcept {
  assert(!deferral::is_open() && locks_held == 0);
}

} // namespace registry::inline v0_2::internal
