#pragma once

#include <registry/compat/clang.hpp>

#include <caf/actor_system_config.hpp>

namespace registry {

namespace detail {

/// Announces the message types to CAF before the configuration is built, which CAF 1.x demands. Idempotent.
struct announce_messages {
  announce_messages();
};

} // namespace detail

/// The configuration to start an actor system with that hosts a node; applications derive from it to add their own options
/// and, through `compat::add_messages<Block>(*this)`, their own message types.
class system_config : private detail::announce_messages, public caf::actor_system_config {
public:
  system_config();
};

} // namespace registry
