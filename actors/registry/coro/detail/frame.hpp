#pragma once

#include <registry/coro/detail/transfer.hpp>

#include <concepts>
#include <coroutine>
#include <utility>

namespace registry::inline v0_2::detail {

class fiber_group;

/// Owns a task that no coroutine awaits, and is told when it has come to its end or is destroyed.
class task_end {
public:
  /// The task is suspended for good, and may be destroyed.
  virtual void completed() noexcept = 0;
  /// The task is no more.
  virtual void destroyed() noexcept = 0;

protected:
  ~task_end() = default;
};

/// The promise of a coroutine that may wait for others: for a task that it awaits, or for the end of a group of its own. They are its
/// children, and are destroyed before it, without recursion: the stack does not limit the length of a chain of coroutines that
/// wait for each other. Only the actor's thread.
class frame {
public:
  frame(const frame&) = delete;
  frame& operator=(const frame&) = delete;

  /// Destroys a suspended coroutine and before it what it waits for, the innermost first.
  static void destroy(frame& root) noexcept;
  /// Destroys a coroutine that has not begun. What it owns may be destroyed a little later.
  static void discard(frame& unused) noexcept;

  /// It begins to wait for a group of its own / has waited.
  void joins(fiber_group& group) noexcept { joining_ = &group; }
  void joined() noexcept { joining_ = nullptr; }
  /// Nobody awaits it, but somebody owns it.
  void ends_at(task_end& who) noexcept { end_ = &who; }
  [[nodiscard]] task_end* end() const noexcept { return end_; }

protected:
  frame() = default;
  ~frame() {
    if (end_ != nullptr)
      end_->destroyed();
  }
  void is_at(std::coroutine_handle<> self) noexcept { self_ = self; }

private:
  friend class child_frame;
  [[nodiscard]] frame* child() const noexcept;
  void detach() noexcept;

  std::coroutine_handle<> self_;
  frame* awaiting_ = nullptr;
  fiber_group* joining_ = nullptr;
  frame* parent_ = nullptr; // who waits for it
  frame** owner_ = nullptr; // where the parent says that it owns it
  task_end* end_ = nullptr;
};

/// The promise of a coroutine as a frame, if it is one.
template <class Promise>
frame* frame_of(std::coroutine_handle<Promise> who) noexcept {
  if constexpr (std::derived_from<Promise, frame>)
    return &who.promise();
  else
    return nullptr;
}

/// A coroutine that another one awaits and thereby owns. Part of an awaiter, so it does not move while it is awaited.
class child_frame {
public:
  explicit child_frame(frame* who) noexcept : who_(who) {}
  child_frame(const child_frame&) = delete;
  child_frame& operator=(const child_frame&) = delete;
  ~child_frame() {
    if (who_ != nullptr)
      frame::destroy(*who_);
  }

  /// The parent, null if it is no frame, waits from now on / has waited.
  void awaited_by(frame* parent) noexcept;
  void has_completed() noexcept;

private:
  frame* who_;
};

} // namespace registry::inline v0_2::detail
