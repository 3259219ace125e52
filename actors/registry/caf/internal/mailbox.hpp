#pragma once

#include <registry/member/member.hpp>

namespace registry::inline v0_2::internal {

/// Whether a message to this actor only gets into its mailbox while it is sent, as with all actors of CAF that have one: a companion
/// handles a message in the thread that sends it. Any thread.
bool is_queued_by(const member& who) noexcept;

} // namespace registry::inline v0_2::internal
