#include <registry/actor/handle.hpp>
#include <registry/caf/internal/actor_thread.hpp>
#include <registry/compat/actor.hpp>
#include <registry/log/internal/log.hpp>
#include <registry/node/internal/node_actor.hpp>
#include <registry/scope/internal/section.hpp>
#include <registry/scope/internal/spawn_scope_actor.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace registry::inline v0_2 {

namespace {

class node_actor : public caf::event_based_actor {
public:
  node_actor(caf::actor_config& config, std::weak_ptr<node_state> state)
      : caf::event_based_actor(config), state_(std::move(state)) {
    compat::on_down(this, [this](caf::down_msg& down) { restart(as_member(down.source), down.reason); });
  }

  const char* name() const override { return "registry.node"; }

  caf::behavior make_behavior() override {
    return {[](const wake_up&) {}};
  }

private:
  void restart(const member& ended, const caf::error& why) {
    const auto state = state_.lock();
    if (state == nullptr)
      return;
    std::vector<open_scopes::scope_ptr> scopes; // destroyed after the lock is released
    const section guard(state->lock);
    scopes = state->scopes->all();
    const auto crashed =
        std::find_if(scopes.begin(), scopes.end(), [&](const auto& opened) { return as_member(opened->actor()) == ended; });
    if (crashed == scopes.end())
      return;
    internal::log_warning("the actor of scope '{}' ended ({}) and is started again", (*crashed)->options().name,
                          compat::render(system(), why));
    start_scope_actor(*state, *crashed);
  }

  std::weak_ptr<node_state> state_;
};

} // namespace

caf::actor spawn_node_actor(caf::actor_system& system, const std::shared_ptr<node_state>& state) {
  return system.spawn<node_actor>(std::weak_ptr{state});
}

void start_scope_actor(node_state& state, const std::shared_ptr<scope_state>& opened) {
  const auto actor = spawn_scope_actor(state.system, opened);
  opened->attach_actor(actor);
  compat::monitor(as_member(actor), as_member(state.supervisor));
}

result<open_scopes::scope_ptr> extract_scope(node_state& state, std::string_view name) {
  open_scopes::scope_ptr out;
  {
    const section guard(state.lock); // the supervisor may just be restarting its actor
    out = state.scopes->extract(name);
  }
  if (out == nullptr)
    return error(errc::invalid_argument, "no scope named '" + std::string{name} + "' is open on this node");
  return out;
}

caf::actor begin_to_end(scope_state& ending) {
  auto actor = caf::actor_cast<caf::actor>(ending.actor());
  ending.close();
  registry::kill(actor);
  return actor;
}

void end_scope(caf::actor_system& system, scope_state& ending) {
  internal::kill_and_wait(system, begin_to_end(ending));
}

void empty_scopes(node_state& state) {
  for (const auto& opened : state.scopes->all())
    opened->drain_node();
}

void stop_node(node_state& state) {
  caf::actor supervisor;
  {
    const section guard(state.lock);
    state.stopped = true;
    supervisor = std::exchange(state.supervisor, {});
  }
  // The supervisor goes first, so that it does not mistake the rest for crashes.
  if (supervisor)
    internal::kill_and_wait(state.system, supervisor);
  // Peers are told before the scopes are closed, so that they know why the entries leave.
  if (state.cluster)
    state.cluster->stop();
  for (const auto& closing : state.scopes->extract_all())
    end_scope(state.system, *closing);
}

} // namespace registry::inline v0_2
