#pragma once

#include <chat/session/session_list.hpp>
#include <chat/transport/sink.hpp>
#include <chat/world/world.hpp>

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <caf/fwd.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace chat {

/// The parts that a session needs to begin.
struct session_start {
  std::shared_ptr<chat::world> world;
  std::shared_ptr<sink> out;
  /// Where it is listed while it lives.
  std::shared_ptr<session_list> list;
  /// The address of the client.
  std::string host;
  /// How long a client may take to introduce itself. One that then says nothing for so long is asked whether it is there, and
  /// disconnected if it does not answer for as long again.
  std::chrono::milliseconds tick;
};

/// One client's conversation with the server, from its first line to its last, as a coroutine actor. Whatever ends it, also from
/// outside: the client leaves its channels with a farewell, and its nickname is free.
registry::task<> session(registry::coroutine_self self, session_start start);

/// Starts the actor of a session. It is in the list when this returns, unless it has ended by then; when it ends, its connection
/// does. Any thread.
registry::member start_session(caf::actor_system& system, session_start start);

} // namespace chat
