#pragma once

#include <registry/match/internal/program.hpp>

#include <cstddef>

namespace registry::internal {

/// What a variable stands for: a part of the value that was matched, or the tail of a list in it. Nothing is copied, so it
/// lives as long as that value.
struct binding {
  /// The count of a binding that is one value and no tail.
  static constexpr std::ptrdiff_t whole = -1;

  const value* first;
  std::ptrdiff_t count;
};

/// Whether a value matches a compiled pattern; binds variables into `bound`. Never allocates. Recursion is as deep as the pattern.
bool matches(const program& code, const pattern_step& step, const value& x, binding* bound) noexcept;

} // namespace registry::internal
