#include <registry/internal/deferral.hpp>

namespace registry::inline v0_2::internal {

deferral::~deferral() {
  innermost = outer_;
  if (first_ == nullptr)
    return;
  if (outer_ != nullptr) {
    *outer_->last_ = first_;
    outer_->last_ = last_;
    return;
  }
  assert_unlocked();
  for (auto* x = first_; x != nullptr; delete std::exchange(x, x->next))
    x->run();
}

deferral::remains deferral::end() noexcept {
  assert(outer_ == nullptr && innermost == this);
  innermost = nullptr;
  assert_unlocked();
  remains out{std::exchange(first_, nullptr)};
  last_ = &first_;
  for (auto* x = out.first_; x != nullptr; x = x->next)
    x->run();
  return out;
}

deferral::remains::~remains() {
  for (auto* x = first_; x != nullptr;)
    delete std::exchange(x, x->next);
}

} // namespace registry::inline v0_2::internal
