#include <bench/support/waiting.hpp>

#include <poll.h>

namespace registry::bench {

void let_pass(std::chrono::milliseconds time) {
  ::poll(nullptr, 0, static_cast<int>(time.count()));
}

void wait_until(const std::function<bool()>& condition) {
  while (!condition())
    let_pass(std::chrono::milliseconds{1});
}

} // namespace registry::bench
