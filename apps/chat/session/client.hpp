#pragma once

#include <chat/irc/message.hpp>
#include <chat/transport/sink.hpp>
#include <chat/world/person.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace chat {

/// The user at the other end of a session, and the way to tell it something.
class client {
public:
  client(std::shared_ptr<sink> out, std::string server) : out_(std::move(out)), server_(std::move(server)) {}

  /// Who the user is; the nickname is empty until it has one.
  person me;

  /// Sends a line as it is.
  void send(std::string_view line) { out_->write(line); }
  /// Sends a numeric reply.
  template <class... Params>
  void reply(irc::numeric number, const Params&... params) {
    send(irc::compose(server_, number, me.nick, params...));
  }
  /// Sends a command that comes from the server.
  template <class... Params>
  void tell(std::string_view command, const Params&... params) {
    send(irc::compose(server_, command, params...));
  }
  /// Sends an echo of what the user did itself.
  template <class... Params>
  void echo(std::string_view command, const Params&... params) {
    send(irc::compose(prefix_of(me), command, params...));
  }
  /// A line of the client has been dealt with.
  void acknowledge() { out_->acknowledge(); }
  void close() { out_->close(); }

  [[nodiscard]] const std::string& server() const noexcept { return server_; }

private:
  std::shared_ptr<sink> out_;
  std::string server_;
};

} // namespace chat
