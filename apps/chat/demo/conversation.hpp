#pragma once

#include <chat/demo/network.hpp>
#include <chat/demo/user.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace chat::demo {

/// A few scripted users on different servers, who talk in one channel for ever and greet every visitor. One of the servers
/// is killed and started again as they talk. Everything happens on the thread of the I/O context.
class conversation {
public:
  static constexpr std::string_view channel = "#lobby";

  /// `print` gets the conversation, line by line. A new line is said every `pace`.
  conversation(boost::asio::io_context& context, network& servers, std::chrono::milliseconds pace,
               std::function<void(std::string_view)> print);
  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;
  /// Ends the conversation: closes all connections.
  void end();

private:
  void go_on();
  void take_step(const std::string& nick);
  void bring_in(const std::string& nick);
  void on_line(user& self, std::string_view line);

  boost::asio::io_context& context_;
  boost::asio::steady_timer timer_;
  network& servers_;
  std::chrono::milliseconds pace_;
  std::function<void(std::string_view)> print_;
  std::map<std::string, std::shared_ptr<user>, std::less<>> users_;
  std::size_t step_ = 0;
};

} // namespace chat::demo
