#pragma once

#include <registry/match/internal/program.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace registry::internal {

/// What a variable stands for: a part of the value that was matched, or the tail of a list in it. Nothing is copied, so it
/// lives as long as that value.
struct binding {
  /// The count of a binding that is one value and no tail.
  static constexpr std::ptrdiff_t whole = -1;

  const value* first;
  std::ptrdiff_t count;
};

/// Matches values with a compiled pattern and binds variables. Never allocates; recursion is as deep as the pattern.
///
/// This is the hottest loop of the registry: what decides in most cases is inline, and only lists, maps and repeated variables
/// cost a call.
class matching {
public:
  matching(const program& code, binding* bound) noexcept : steps_(code.patterns.data()), bound_(bound) {}

  [[nodiscard]] bool match(std::uint32_t step, const value& x) const noexcept { return match(steps_[step], x); }

private:
  using elements = std::span<const value>;

  [[nodiscard]] bool match(const pattern_step& step, const value& x) const noexcept {
    switch (step.what) {
    case pattern_step::kind::any:
      return true;
    case pattern_step::kind::bind:
      bound_[step.slot] = {&x, binding::whole};
      return true;
    case pattern_step::kind::literal:
      return identical(step.literal, x);
    case pattern_step::kind::map:
      return x.type() == value::kind::map && match_map(step, x);
    default:
      return match_other(step, x);
    }
  }

  [[nodiscard]] bool match_other(const pattern_step& step, const value& x) const noexcept;
  [[nodiscard]] bool match_elements(const pattern_step& step, elements xs) const noexcept;
  [[nodiscard]] bool match_tail(const pattern_step& step, elements tail) const noexcept;
  [[nodiscard]] bool match_map(const pattern_step& step, const value& x) const noexcept;
  [[nodiscard]] bool match_by_search(const pattern_step& step, const value& x) const noexcept;

  const pattern_step* steps_;
  binding* bound_;
};

} // namespace registry::internal
