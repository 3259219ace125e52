#pragma once

#include <chat/session/context.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace chat {

/// One client's conversation with the server, from its first line to its last, without the actor that runs it.
class session {
public:
  /// `self` is the actor that runs the session, `host` where the client comes from.
  session(std::shared_ptr<world> where, registry::member self, std::shared_ptr<sink> out, std::string host);
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  /// Whatever ended the session: the client has left.
  ~session();

  void on_line(std::string_view line);
  void on_long_line();
  /// The connection has ended, for this reason.
  void on_connection_end(std::string_view reason);
  /// The server ends, for this reason.
  void on_shut_down(std::string_view reason);
  /// Time has passed. A client that says nothing between two ticks is asked whether it is there; if it does not answer before
  /// the next one it is disconnected. So is one that has not introduced itself by the first.
  void on_tick();
  void on_events(const registry::events& pending);
  void on_more_news() { context_.channels.on_more_news(); }
  void on_relay(const relay& what);

  /// Whether the session is over.
  [[nodiscard]] bool is_over() const noexcept { return context_.farewell.has_value(); }

private:
  context context_;
  bool heard_ = false;
  bool asked_ = false;
};

} // namespace chat
