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

/// What becomes of CAF's own defaults.
enum class caf_defaults {
  /// What suits a registry: `scheduler.policy` is `sharing`, so that workers wait for work instead of looking for it now and then.
  /// An actor that gets a message while they are idle runs at once, and nothing is done while nothing happens. `middleman.workers`
  /// is 0: the thread that receives messages from other nodes reads them. Files and the command line may say otherwise.
  tuned,
  /// They stay: for applications that are tuned to them.
  kept,
};

/// The configuration to start an actor system with that hosts a node; applications derive from it to add their own options
/// and their own message types, which `with_messages` makes known.
class system_config : private detail::announce_messages, public caf::actor_system_config {
public:
  explicit system_config(caf_defaults defaults = caf_defaults::tuned);
};

} // namespace registry
