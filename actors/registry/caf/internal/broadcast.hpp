#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <span>

namespace registry::internal {

/// Sends one message to each of these actors, in this order. Any thread, never blocks; null handles are skipped.
///
/// Like so many calls of `deliver`, only that the scheduler gets no job for each actor that wakes: as many jobs as it has
/// workers share the list of those who woke, and each takes the next one until there is none. So a member that blocks holds up
/// one worker, as always, and not those behind it.
void broadcast(std::span<const member> to, const caf::message& content);

} // namespace registry::internal
