#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace chat::demo {

/// A scripted user: a small IRC client on a connection of its own. Everything runs on the thread of the I/O context.
class user : public std::enable_shared_from_this<user> {
public:
  /// Gets each line from the server that is no PING.
  using line_handler = std::function<void(user& self, std::string_view line)>;

  user(boost::asio::io_context& context, std::string nick, line_handler on_line);

  /// Connects to a server on this machine as soon as it is there, introduces itself and joins a channel.
  void enter(std::uint16_t port, std::string_view channel);
  /// Sends a line, once there is a connection.
  void send(std::string line);
  /// Says goodbye and waits for the server to close the connection.
  void quit(std::string_view farewell);
  /// Ends the connection at once.
  void close();

  [[nodiscard]] const std::string& nick() const noexcept { return nick_; }
  /// Whether there is a connection, or will be.
  [[nodiscard]] bool is_entering_or_there() const noexcept { return !closed_; }

private:
  void connect(std::uint16_t port);
  void connect_later(std::uint16_t port);
  void read();
  void write();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer retry_;
  boost::asio::streambuf input_;
  std::string waiting_;
  std::string sending_;
  std::string nick_;
  line_handler on_line_;
  bool connected_ = false;
  bool closed_ = false;
};

} // namespace chat::demo
