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

/// The error of a function that would block such a thread; names the awaitable form for a coroutine actor.
[[nodiscard]] error blocks_actors(std::string_view function, std::string_view instead);

/// Kills an actor and waits until it has terminated, unless the calling thread may be needed for that.
void kill_and_wait(caf::actor_system& system, const caf::actor& who);

} // namespace registry::inline v0_2::internal
