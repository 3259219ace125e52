#pragma once

#include <registry/match/internal/condition.hpp>
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
  /// Beyond this many pairs per key that is looked for, a binary search beats walking along the map.
  static constexpr std::size_t pairs_worth_walking = 8;

  [[nodiscard]] bool match(const pattern_step& step, const value& x) const noexcept {
    if (step.what == pattern_step::kind::map)
      return x.type() == value::kind::map && match_map(step, x.as_map());
    return match_part(step, x);
  }

  // Both are sorted by key, so one pass over the map finds all keys.
  [[nodiscard]] bool match_map(const pattern_step& step, const map_view& pairs) const noexcept {
    if (pairs.size() > pairs_worth_walking * step.count)
      return match_by_search(step, pairs);
    const auto keys = pairs.keys();
    std::size_t i = 0;
    const auto* part = steps_ + step.first;
    for (const auto* const end = part + step.count; part != end; ++part, ++i) {
      while (i < keys.size() && !identical(part->key, keys[i]))
        ++i;
      if (i == keys.size() || !match_part(*part, pairs.mapped()[i]))
        return false;
    }
    return true;
  }

  // Asks in the order of how often it is so; a switch would jump through a table.
  [[nodiscard]] bool match_part(const pattern_step& step, const value& x) const noexcept {
    using kind = pattern_step::kind;
    if (step.what == kind::literal)
      return identical(step.literal, x);
    if (step.what == kind::bind || step.what == kind::bind_if) {
      bound_[step.slot] = {&x, binding::whole};
      return step.what == kind::bind || compare(step.condition, step.accepts, x, step.literal);
    }
    return step.what == kind::any || match_other(step, x);
  }

  [[nodiscard]] bool match_other(const pattern_step& step, const value& x) const noexcept;
  [[nodiscard]] bool match_elements(const pattern_step& step, elements xs) const noexcept;
  [[nodiscard]] bool match_tail(const pattern_step& step, elements tail) const noexcept;
  [[nodiscard]] bool match_by_search(const pattern_step& step, const map_view& pairs) const noexcept;

  const pattern_step* steps_;
  binding* bound_;
};

} // namespace registry::internal
