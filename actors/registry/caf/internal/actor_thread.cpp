#include <registry/actor/handle.hpp>
#include <registry/caf/internal/actor_thread.hpp>
#include <registry/compat/version.hpp>

#include <caf/scoped_actor.hpp>
#include <caf/thread_hook.hpp>

#include <string>
#include <utility>

#if !REGISTRY_CAF_0_17
#include <caf/thread_owner.hpp>
#endif

namespace registry::inline v0_2::internal {

namespace {

constinit thread_local bool is_marked = false;

class marking final : public caf::thread_hook {
public:
  void init(caf::actor_system&) override {}
#if REGISTRY_CAF_0_17
  void thread_started() override { is_marked = true; }
#else
  void thread_started(caf::thread_owner) override { is_marked = true; }
#endif
  void thread_terminates() override { is_marked = false; }
};

} // namespace

void mark_actor_threads(caf::actor_system_config& config) {
  config.add_thread_hook<marking>();
}

bool is_actor_thread() noexcept {
  return is_marked;
}

actor_thread_mark::actor_thread_mark() noexcept : before_(std::exchange(is_marked, true)) {}

actor_thread_mark::~actor_thread_mark() {
  is_marked = before_;
}

error blocks_actors(std::string_view function, std::string_view instead) {
  return {errc::invalid_argument, std::string{function} +
                                      " would block a thread that runs actors; in a coroutine actor use co_await " +
                                      std::string{instead} + "; any other actor can spawn a coroutine actor for that"};
}

void kill_and_wait(caf::actor_system& system, const caf::actor& who) {
  registry::kill(who);
  if (is_marked)
    return;
  caf::scoped_actor self{system};
  self->wait_for(who);
}

} // namespace registry::inline v0_2::internal
