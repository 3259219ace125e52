#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <span>

namespace registry::inline v0_2::internal {

/// Sends one message to each of these actors, in this order. Any thread, never blocks; null handles are skipped.
///
/// Equivalent to that many calls of `deliver`, except that the scheduler gets no job for each actor that wakes: as many jobs
/// as it has workers share the list of woken actors, and each takes the next one until there is none. So a member that
/// blocks holds up one worker, as always, and not the actors behind it.
void broadcast(std::span<const member> to, const caf::message& content);

} // namespace registry::inline v0_2::internal
