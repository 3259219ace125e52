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

} // namespace registry::inline v0_2::internal
