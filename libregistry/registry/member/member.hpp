#pragma once

#include <caf/actor_control_block.hpp>

#include <compare>
#include <cstdint>

namespace registry {

/// A registrant: a strong handle to an actor of this or another node. Null means "no actor".
using member = caf::strong_actor_ptr;

/// Whether two handles name the same actor. Unlike pointer equality this holds also between a proxy and its replacement
/// after a reconnection. Wait-free.
bool same_member(const member& a, const member& b) noexcept;

/// A total order over actors (node, then actor id; null first), the same on every node.
std::strong_ordering compare_members(const member& a, const member& b) noexcept;

/// A hash of an actor's identity, the same on every node that runs the same CAF version.
std::uint64_t hash_member(const member& who) noexcept;

} // namespace registry
