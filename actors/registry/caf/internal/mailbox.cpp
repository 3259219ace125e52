#include <registry/caf/internal/mailbox.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_companion.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/scheduled_actor.hpp>

namespace registry::inline v0_2::internal {

bool is_queued_by(const member& who) noexcept {
  const auto* actor = caf::actor_cast<caf::abstract_actor*>(who);
  return dynamic_cast<const caf::blocking_actor*>(actor) != nullptr ||
         (dynamic_cast<const caf::scheduled_actor*>(actor) != nullptr &&
          dynamic_cast<const caf::actor_companion*>(actor) == nullptr);
}

} // namespace registry::inline v0_2::internal
