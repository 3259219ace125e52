#include <registry/actor/handle.hpp>
#include <registry/compat/version.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#if REGISTRY_CAF_0_17
#include <caf/monitorable_actor.hpp>
#endif

namespace registry::inline v0_2 {

bool is_alive(const member& who) noexcept {
#if REGISTRY_CAF_0_17
  return who != nullptr && !who->get()->getf(caf::monitorable_actor::is_cleaned_up_flag);
#else
  return who != nullptr && !who->get()->getf(caf::abstract_actor::is_terminated_flag);
#endif
}

void kill(const member& who) {
  if (who != nullptr)
    caf::anon_send_exit(caf::actor_cast<caf::actor>(who), caf::exit_reason::kill);
}

void shut_down(const member& who) {
  if (who != nullptr)
    caf::anon_send_exit(caf::actor_cast<caf::actor>(who), caf::exit_reason::user_shutdown);
}

} // namespace registry::inline v0_2
