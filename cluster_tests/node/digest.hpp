#pragma once

#include <registry/scope/scope.hpp>

namespace cluster_tests {

/// What is in a scope as `{"count": …, "digest": …}`: equal on two nodes exactly if both have the same entries, that is owner,
/// owner's number, key and value, whatever the order in which they came.
registry::value digest_of(const registry::scope& where, const registry::incarnation& self);

} // namespace cluster_tests
