#pragma once

#include <registry/scope/scope.hpp>

namespace cluster_tests {

/// A line for each entry of a scope, as `content_line` makes it.
registry::value content_of(const registry::scope& scope, const registry::incarnation& self);

} // namespace cluster_tests
