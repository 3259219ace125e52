#pragma once

#include <cstddef>

namespace registry::inline v0_2::internal {

/// The pairs of lists and maps that have met while two values are compared from left to right until they differ. Values
/// share parts, so a value of a few lists may have more places than can be visited; parts that have met once are equal, or
/// the comparison would be over. After a while such pairs are remembered, as classes of equal parts, and so a comparison
/// takes time linear in the parts. Costs nothing before that: most comparisons are short.
class equal_parts {
public:
  equal_parts() noexcept = default;
  ~equal_parts() {
    if (classes_ != nullptr)
      forget();
  }
  equal_parts(const equal_parts&) = delete;
  equal_parts& operator=(const equal_parts&) = delete;

  /// Whether two parts of equal depth are known to be equal. If not, they count as equal from now on: the caller compares
  /// them, and ends the whole comparison if they differ. (Nothing compared in between relies on it, since the parts inside
  /// are less deep.)
  bool met(const void* a, const void* b) noexcept { return ++meetings_ > patience && met_before(a, b); }

private:
  static constexpr std::size_t patience = 1024;
  struct classes;

  bool met_before(const void* a, const void* b) noexcept;
  void forget() noexcept;

  std::size_t meetings_ = 0;
  classes* classes_ = nullptr;
};

} // namespace registry::inline v0_2::internal
