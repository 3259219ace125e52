#include <support/stop_signals.hpp>

#include <csignal>
#include <utility>

namespace support {

stop_signals::stop_signals(std::function<void(int)> tell) : tell_(std::move(tell)), signals_(context_, SIGINT, SIGTERM) {
  wait();
  thread_ = std::thread{[this] { context_.run(); }};
}

stop_signals::~stop_signals() {
  context_.stop();
  thread_.join();
}

void stop_signals::wait() {
  signals_.async_wait([this](const boost::system::error_code& failed, int) {
    if (failed)
      return;
    tell_(++count_);
    if (count_ == 1)
      wait();
    else
      signals_.clear();
  });
}

} // namespace support
