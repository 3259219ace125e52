#include <chat/stop_signals.hpp>

#include <registry/time/deadline.hpp>

#include <pthread.h>

#include <cerrno>

namespace chat {

stop_signals::stop_signals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

bool stop_signals::wait(std::optional<std::chrono::seconds> limit) {
  auto until = registry::deadline_after(registry::saturated(limit.value_or(std::chrono::seconds{0})));
  for (;;) {
    int received = 0;
    if (limit) {
      auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
      if (left <= 0)
        return false;
      timespec rest{static_cast<time_t>(left / 1000), static_cast<long>(left % 1000) * 1'000'000};
      received = sigtimedwait(&signals_, nullptr, &rest);
    } else {
      received = sigwaitinfo(&signals_, nullptr);
    }
    if (received > 0)
      return true;
    if (errno != EINTR && errno != EAGAIN)
      return false;
  }
}

void stop_signals::restore() {
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

} // namespace chat
