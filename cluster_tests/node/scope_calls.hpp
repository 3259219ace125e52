#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <cstdint>

namespace cluster_tests {

/// Sends a request of each kind to the actor of a scope, perhaps on another node, and returns when all have been answered,
/// some of them with an error. `named` is an actor of this node, which the requests name. Returns the last answer: the
/// number of entries.
std::int64_t call_scope(caf::actor_system& system, const registry::member& scope, const registry::member& named);

} // namespace cluster_tests
