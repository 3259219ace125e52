#pragma once

#include <conformance/trace.hpp>

#include <string>
#include <vector>

namespace registry::conformance {

/// Compares the outcome of an operation with the trace (sections 5 to 7 of FORMAT.md) and describes every difference in a
/// line or a few. Empty if there is none.
///
/// Where a scope differs from the peer on purpose, the rule is here: an update keeps the place of an entry, and a join of
/// nobody sends no event.
std::vector<std::string> compare(const operation& expected, const observation& found, const actor_names& names);

} // namespace registry::conformance
