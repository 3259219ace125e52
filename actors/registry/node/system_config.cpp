#include <registry/caf/internal/actor_thread.hpp>
#include <registry/compat/error.hpp>
#include <registry/compat/internal/config.hpp>
#include <registry/compat/messages.hpp>
#include <registry/coro/internal/messages.hpp>
#include <registry/node/internal/messages.hpp>
#include <registry/node/system_config.hpp>
#include <registry/scope/requests.hpp>

namespace registry::inline v0_2 {

namespace detail {

announce_messages::announce_messages() {
  compat::announce_core_messages();
  compat::announce_messages<caf::id_block::registry_actors>();
  compat::announce_messages<caf::id_block::registry_coroutines>();
  compat::announce_messages<caf::id_block::registry_mesh>();
}

} // namespace detail

system_config::system_config(caf_defaults defaults) {
  compat::add_messages<caf::id_block::registry_actors>(*this);
  compat::add_messages<caf::id_block::registry_coroutines>(*this);
  compat::add_messages<caf::id_block::registry_mesh>(*this);
  compat::add_error_category(*this);
  if (defaults == caf_defaults::tuned)
    internal::set_defaults(*this);
  internal::mark_actor_threads(*this);
}

} // namespace registry::inline v0_2
