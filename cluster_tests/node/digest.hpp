#pragma once

#include <registry/scope/scope.hpp>

namespace cluster_tests {

/// `{"count": …, "digest": …}` of a scope's entries: equal on two nodes exactly if both have the same ones, that is owner,
/// owner's number, key and value, in any order.
registry::value digest_of(const registry::scope& scope, const registry::incarnation& self);

} // namespace cluster_tests
