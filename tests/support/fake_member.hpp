#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>

namespace registry::testing {

/// A member with an identity and reference counts but no actor behind it and no actor system anywhere: enough for all that
/// libregistry does with members. Never send to one.
///
/// Two calls with equal arguments give two handles of one identity, like a proxy and its replacement.
member make_member(std::uint64_t id, std::uint8_t node = 1);

/// The same with the whole name of a node.
member make_member(std::uint64_t id, caf::node_id node);

/// How many strong references to a member exist, this handle included.
std::size_t use_count(const member& who);

/// How many members made by `make_member` are alive (always growing under the thread sanitizer, see the .cpp).
std::size_t live_members();

} // namespace registry::testing
