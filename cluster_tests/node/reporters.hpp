#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace cluster_tests {

// These write lines of their own, when something happens: `{"seen": …}` with the time, or `{"kept": …}`.

/// Spawns a subscriber that reports each join.
registry::member spawn_join_reporter(caf::actor_system& system);
/// Spawns an actor that reports each number that it receives, and that keeps vectors of handles and reports how many it has.
registry::member spawn_keeper(caf::actor_system& system);

/// A thread that reads from a port of the loopback interface, and reports each frame of 64 bytes.
class socket_reporter {
public:
  /// Connects. `core` is the only core that the thread may use, if there is one.
  socket_reporter(std::uint16_t port, std::optional<int> core);
  socket_reporter(const socket_reporter&) = delete;
  socket_reporter& operator=(const socket_reporter&) = delete;
  ~socket_reporter();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace cluster_tests
