#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>

namespace registry::testing {

/// A member with an identity and reference counts, without an actor or an actor system: enough for libregistry. Never send
/// to one.
///
/// Two calls with equal arguments give two handles of one identity, like a proxy and its replacement.
member make_member(std::uint64_t id, std::uint8_t node = 1);

/// The same with the whole name of a node.
member make_member(std::uint64_t id, caf::node_id node);

/// The number of strong references to a member, this handle included.
std::size_t use_count(const member& who);

/// The number of live members of `make_member` (it only grows under the thread sanitizer, see the .cpp).
std::size_t live_members();

} // namespace registry::testing
