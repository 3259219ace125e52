#pragma once

#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>

#include <functional>
#include <string_view>

namespace support {

/// Says what a node waits for if it has not joined its cluster after a second: each seed that is missing, and why; and when it has
/// joined then. `tell` is called on a thread of the actor system. Ends with the node.
void tell_of_joining(caf::actor_system& system, const registry::node& home, std::function<void(std::string_view)> tell);

} // namespace support
