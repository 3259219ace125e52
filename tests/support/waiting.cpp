#include <support/waiting.hpp>

#include <poll.h>

#include <stdexcept>

namespace registry::testing {

namespace {

using clock = std::chrono::steady_clock;

std::chrono::milliseconds since(clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begin);
}

} // namespace

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
  for (const auto begin = clock::now(); !condition(); ::poll(nullptr, 0, 1)) {
    if (since(begin) > patience)
      return false;
  }
  return true;
}

void outlast(std::chrono::milliseconds time) {
  const auto end = clock::now() + time;
  for (auto left = time; left.count() > 0; left = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now()))
    ::poll(nullptr, 0, static_cast<int>(left.count()));
}

std::chrono::milliseconds time_until(const std::function<bool()>& condition) {
  const auto begin = clock::now();
  if (!eventually(condition))
    throw std::runtime_error("a condition does not hold after a minute of waiting");
  return since(begin);
}

std::int64_t nanoseconds_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(clock::now().time_since_epoch()).count();
}

} // namespace registry::testing
