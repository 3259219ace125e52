#pragma once

#include <registry/error/error.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/fwd.hpp>

#include <string_view>

namespace registry::inline v0_2::internal {

/// Marks all threads started by actor systems with this configuration as theirs.
void mark_actor_threads(caf::actor_system_config& config);

/// Whether the calling thread was started by such an actor system; blocking it may keep actors from running. Wait-free.
[[nodiscard]] bool is_actor_thread() noexcept;

/// Lets the calling thread, which runs actors by hand, be one of them for as long as this exists.
class actor_thread_mark {
public:
  actor_thread_mark() noexcept;
  ~actor_thread_mark();
  actor_thread_mark(const actor_thread_mark&) = delete;
  actor_thread_mark& operator=(const actor_thread_mark&) = delete;

private:
  bool before_;
};

/// The error of a function that would block such a thread; names the awaitable form for a coroutine actor.
[[nodiscard]] error blocks_actors(std::string_view function, std::string_view instead);

/// Kills an actor and waits until it has terminated, unless the calling thread may be needed for that.
void kill_and_wait(caf::actor_system& system, const caf::actor& who);

} // namespace registry::inline v0_2::internal
