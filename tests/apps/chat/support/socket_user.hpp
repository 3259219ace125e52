#pragma once

#include <apps/chat/support/irc_user.hpp>

#include <chat/system_config.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <caf/actor_system.hpp>

#include <cstdint>

namespace chat::testing {

/// A chat server on a port of its own.
class running_server {
public:
  explicit running_server(server_options options = {});
  ~running_server();

  /// Returns when all that happened has been told to the sessions.
  void flush() const;
  [[nodiscard]] std::uint16_t port() const noexcept { return server->port(); }

  chat::system_config config;
  caf::actor_system system{config};
  registry::node home;
  std::unique_ptr<chat::server> server;
};

/// A user with a connection.
class socket_user : public irc_user {
public:
  explicit socket_user(const running_server& where, const std::string& address = "127.0.0.1");
  /// To a server elsewhere; waits until it is there.
  socket_user(const std::string& host, std::uint16_t port);
  socket_user(const running_server& where, const std::string& nick, const std::vector<std::string>& channels);

  void send(std::string_view line) override;
  std::optional<std::string> next() override;

  /// Sends bytes as they are; false if the connection is gone.
  bool send_bytes(std::string_view bytes);
  /// Ends the connection so that the server gets a reset.
  void reset();
  /// Ends the connection without a word.
  void close();

private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::string input_;
};

} // namespace chat::testing
