#pragma once

#include <chat/session/session.hpp>
#include <chat/session/session_list.hpp>

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace chat {

/// What a session actor needs to begin.
struct session_start {
  std::shared_ptr<chat::world> world;
  std::shared_ptr<sink> out;
  /// Where it is listed while it lives.
  std::shared_ptr<session_list> list;
  /// The address of the client.
  std::string host;
  /// How often it looks after the client, see `session::on_tick`.
  std::chrono::milliseconds tick;
};

/// The actor of one connection: hands what it receives to the session.
class session_actor : public caf::event_based_actor {
public:
  session_actor(caf::actor_config& config, session_start start);

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void expect_tick();
  void end_if_over();

  session_start start_;
  std::unique_ptr<session> session_;
};

} // namespace chat
