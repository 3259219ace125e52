#pragma once

#include <registry/compat/version.hpp>

#include <caf/actor_system_config.hpp>

#if !REGISTRY_CAF_0_17
#include <caf/init_global_meta_objects.hpp>
#include <caf/io/middleman.hpp>
#endif

namespace registry::inline v0_2::compat {

/// Announces CAF's own message types, as `announce_messages` does.
inline void announce_core_messages() {
#if !REGISTRY_CAF_0_17
  static const bool once = [] {
    caf::core::init_global_meta_objects();
    caf::io::middleman::init_global_meta_objects();
    return true;
  }();
  static_cast<void>(once);
#endif
}

/// Announces the message types of a type-id block. CAF 1.x wants this before any configuration object exists: call it from
/// the initialiser of a base or member that comes before `system_config`. On 0.17 it does nothing; idempotent.
template <class Block>
void announce_messages() {
#if !REGISTRY_CAF_0_17
  static const bool once = [] {
    caf::init_global_meta_objects<Block>();
    return true;
  }();
  static_cast<void>(once);
#endif
}

/// Adds the message types of a type-id block to a configuration. On CAF 1.x they must have been announced. `with_messages`
/// does both.
template <class Block>
void add_messages(caf::actor_system_config& config) {
#if REGISTRY_CAF_0_17
  config.add_message_types<Block>();
#else
  static_cast<void>(config);
#endif
}

} // namespace registry::inline v0_2::compat
