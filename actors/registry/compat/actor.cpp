#include <registry/compat/actor.hpp>
#include <registry/compat/internal/executor.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/default_attachable.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/send.hpp>

#if !REGISTRY_CAF_0_17
#include <caf/action.hpp>
#endif

#include <utility>

namespace registry::inline v0_2::compat {

void deliver(const member& to, caf::message content, const member& sender) {
  if (to == nullptr)
    return;
#if REGISTRY_CAF_0_17
  to->enqueue(sender, caf::make_message_id(), std::move(content), internal::wake_redirection::present());
#else
  to->enqueue(caf::make_mailbox_element(sender, caf::make_message_id(), std::move(content)),
              internal::wake_redirection::present());
#endif
}

void deliver_later(const member& to, std::chrono::microseconds delay, caf::message content) {
  if (to == nullptr)
    return;
#if REGISTRY_CAF_0_17
  auto& clock = to->home_system->clock();
  clock.schedule_message(clock.now() + saturated(delay), to,
                         caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(content)));
#else
  auto& clock = caf::actor_cast<caf::actor>(to)->home_system().clock();
  clock.schedule(clock.now() + saturated(delay), caf::make_action([to, content] { deliver(to, content); }));
#endif
}

bool is_local(const caf::actor_system& system, const member& who) noexcept {
  return who != nullptr && who->node() == system.node();
}

void monitor(const member& whom, const member& observer) {
  whom->get()->attach(caf::default_attachable::make_monitor(whom->address(), observer->address()));
}

void demonitor(const member& whom, const member& observer) {
  using caf::default_attachable;
  default_attachable::observe_token token{observer->address(), default_attachable::monitor};
  whom->get()->detach(token);
}

void on_end(const member& whom, std::function<void()> then) {
  whom->get()->attach_functor([then = std::move(then)](const caf::error&) { then(); });
}

std::string render(const caf::actor_system& system, const caf::error& what) {
#if REGISTRY_CAF_0_17
  return system.render(what);
#else
  static_cast<void>(system);
  return to_string(what);
#endif
}

} // namespace registry::inline v0_2::compat
