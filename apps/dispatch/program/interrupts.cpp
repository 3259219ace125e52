#include <dispatch/program/interrupts.hpp>

#include <csignal>
#include <utility>

namespace dispatch {

interrupts::interrupts(std::function<void(int)> tell) : tell_(std::move(tell)), signals_(context_, SIGINT, SIGTERM) {
  wait();
  thread_ = std::thread{[this] { context_.run(); }};
}

interrupts::~interrupts() {
  context_.stop();
  thread_.join();
}

void interrupts::wait() {
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

} // namespace dispatch
