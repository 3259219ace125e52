#include <registry/coro/detail/fiber.hpp>
#include <registry/coro/detail/frame.hpp>

namespace registry::inline v0_2::detail {

frame* frame::child() const noexcept {
  if (awaiting_ != nullptr)
    return awaiting_;
  return joining_ != nullptr ? joining_->first() : nullptr;
}

/// Its owner no longer refers to it.
void frame::detach() noexcept {
  if (owner_ != nullptr) {
    *owner_ = nullptr;
    if (parent_ != nullptr)
      parent_->awaiting_ = nullptr;
  }
  transfer::forget(self_);
}

void frame::destroy(frame& root) noexcept {
  for (auto* x = &root;;) {
    if (auto* const below = x->child()) {
      below->parent_ = x;
      x = below;
      continue;
    }
    auto* const above = x == &root ? nullptr : x->parent_;
    x->detach();
    x->self_.destroy();
    if (above == nullptr)
      return;
    x = above;
  }
}

void frame::discard(frame& unused) noexcept {
  // A coroutine that has not started owns its arguments only, which may be such coroutines in turn.
  constexpr unsigned deepest = 32;
  struct discarding {
    unsigned depth = 0;
    frame* later = nullptr; // linked by `parent_`
  };
  constinit thread_local discarding here;
  if (here.depth == deepest) {
    unused.parent_ = std::exchange(here.later, &unused);
    return;
  }
  ++here.depth;
  unused.self_.destroy();
  while (here.depth == 1 && here.later != nullptr) {
    auto* const next = std::exchange(here.later, here.later->parent_);
    next->self_.destroy();
  }
  --here.depth;
}

void child_frame::awaited_by(frame* parent) noexcept {
  who_->owner_ = &who_;
  who_->parent_ = parent;
  if (parent != nullptr)
    parent->awaiting_ = who_;
}

void child_frame::has_completed() noexcept {
  if (who_->parent_ != nullptr)
    who_->parent_->awaiting_ = nullptr;
}

} // namespace registry::inline v0_2::detail
