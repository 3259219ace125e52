#include <node/line_output.hpp>

#include <registry/value/json.hpp>

#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <string_view>

namespace cluster_tests {

void write_line(const registry::value& x) {
  static std::mutex lock;
  const auto json = to_json(x);
  const auto line = (json ? json.value() : R"({"error":"the answer has no JSON form"})") + '\n';
  const std::lock_guard guard(lock);
  for (std::string_view left = line; !left.empty();) {
    const auto written = ::write(STDOUT_FILENO, left.data(), left.size());
    if (written < 0)
      std::_Exit(EXIT_FAILURE);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
}

} // namespace cluster_tests
