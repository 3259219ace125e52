#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <cstdint>

namespace cluster_tests {

/// Sends a request of each kind to the actor of a scope, which may be on another node, and returns when all have been answered,
/// some of them with an error. `who` is an actor of this node, which they name. Returns what the scope answers last: how many entries
/// it has.
std::int64_t call_scope(caf::actor_system& system, const registry::member& scope, const registry::member& who);

} // namespace cluster_tests
