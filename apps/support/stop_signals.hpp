#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <thread>

namespace support {

/// Calls a function when the program gets SIGINT (Ctrl-C) or SIGTERM, with 1 the first time and 2 the second time, on a thread of its
/// own. A third signal ends the program as usual, as any does when this is destroyed.
class stop_signals {
public:
  explicit stop_signals(std::function<void(int count)> tell);
  stop_signals(const stop_signals&) = delete;
  stop_signals& operator=(const stop_signals&) = delete;
  ~stop_signals();

private:
  void wait();

  std::function<void(int)> tell_;
  int count_ = 0;
  boost::asio::io_context context_;
  boost::asio::signal_set signals_;
  std::thread thread_;
};

} // namespace support
