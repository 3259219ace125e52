#pragma once

#include <type_traits>

/// Stands in the mutated copy of the sources only; which mutant is active is said by REGISTRY_MUTANT when the program starts.
namespace mutation {

/// The number of the active mutant; 0 is none, and a negative number keeps record of which are reached.
extern int chosen;

/// Records that a mutant is reached. Returns false.
bool reach(int mutant) noexcept;

constexpr bool active(int mutant) noexcept {
  if (std::is_constant_evaluated())
    return false;
  return mutant == chosen || (chosen < 0 && reach(mutant));
}

} // namespace mutation
