#pragma once

#include <caf/fwd.hpp>

#include <cstddef>

namespace registry::inline v0_2::internal {

/// The bytes that a message takes on the way to another node; 0 if it cannot be sent there. Any thread.
std::size_t message_size(caf::actor_system& system, const caf::message& content);

} // namespace registry::inline v0_2::internal
