#include <registry/error/internal/out_of_memory.hpp>
#include <registry/value/internal/equal_parts.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

namespace registry::inline v0_2::internal {

/// Disjoint sets: each part refers to another one of its class, or represents the class.
struct equal_parts::classes {
  boost::unordered_flat_map<const void*, const void*> above;

  const void* top_of(const void* x) noexcept {
    for (auto next = above.find(x); next != above.end(); next = above.find(x)) {
      const auto further = above.find(next->second);
      if (further == above.end())
        return next->second;
      x = next->second = further->second;
    }
    return x;
  }
};

void equal_parts::forget() noexcept {
  delete classes_;
}

bool equal_parts::met_before(const void* a, const void* b) noexcept {
  return without_failing("comparing two values", [&] {
    if (classes_ == nullptr)
      classes_ = new classes;
    const auto* x = classes_->top_of(a);
    const auto* y = classes_->top_of(b);
    if (x != y)
      classes_->above.emplace(x, y);
    return x == y;
  });
}

} // namespace registry::inline v0_2::internal
