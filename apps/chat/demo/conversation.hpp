#pragma once

#include <chat/demo/user.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace chat::demo {

/// A few scripted users who talk in one channel for ever and greet whoever comes in. Has a thread of its own.
class conversation {
public:
  static constexpr std::string_view channel = "#lobby";

  /// `print` gets what is said, line by line, on the conversation's thread. A new line is said every `pace`.
  conversation(std::uint16_t port, std::chrono::milliseconds pace, std::function<void(std::string_view)> print);
  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;
  /// Ends the conversation.
  ~conversation();

private:
  void go_on();
  void bring_in(const std::string& nick);
  void on_line(user& self, std::string_view line);

  boost::asio::io_context context_;
  boost::asio::steady_timer timer_;
  std::uint16_t port_;
  std::chrono::milliseconds pace_;
  std::function<void(std::string_view)> print_;
  std::map<std::string, std::shared_ptr<user>, std::less<>> users_;
  std::size_t step_ = 0;
  std::thread thread_;
};

} // namespace chat::demo
