#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <thread>

namespace dispatch {

/// Calls a function when the program gets SIGINT (Ctrl-C) or SIGTERM, with the first and with the second one, on a thread of its
/// own. From then on, and when this is destroyed, they end the program as usual.
class interrupts {
public:
  explicit interrupts(std::function<void(int count)> tell);
  interrupts(const interrupts&) = delete;
  interrupts& operator=(const interrupts&) = delete;
  ~interrupts();

private:
  void wait();

  std::function<void(int)> tell_;
  int count_ = 0;
  boost::asio::io_context context_;
  boost::asio::signal_set signals_;
  std::thread thread_;
};

} // namespace dispatch
