#pragma once

#include <registry/compat/clang.hpp>

#include <caf/actor_system_config.hpp>

namespace registry::inline v0_2 {

namespace detail {

/// Announces the message types to CAF before the configuration is built, which CAF 1.x demands. Idempotent.
struct announce_messages {
  announce_messages();
};

} // namespace detail

/// The treatment of CAF's own defaults.
enum class caf_defaults {
  /// They are set for a registry: `scheduler.policy` is `sharing`, so that idle workers wait for work instead of polling for
  /// it. An actor that gets a message while they are idle runs at once, and an idle process uses no processor time.
  /// `middleman.workers` is 0: the thread that receives messages from other nodes decodes them. Files and the command line
  /// take precedence.
  tuned,
  /// They stay, for applications that are tuned to them.
  kept,
};

/// The configuration of an actor system that hosts a node. Applications derive from it to add options of their own; message
/// types of their own are added by `with_messages`.
class system_config : private detail::announce_messages, public caf::actor_system_config {
public:
  /// Knows the registry's messages; see `caf_defaults`.
  explicit system_config(caf_defaults defaults = caf_defaults::tuned);
};

} // namespace registry::inline v0_2
