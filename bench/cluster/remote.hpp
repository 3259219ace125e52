#pragma once

#include <support/child_process.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace registry::bench {

/// A process with a node that does what it is told; see `node.cpp`. Ends the program if it does not answer.
class remote {
public:
  /// `options` without their common prefix, such as `"down-after=1s"`.
  explicit remote(const std::vector<std::string>& options);

  /// Where others reach the node.
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  std::string ask(const std::string& command);
  std::int64_t ask_number(const std::string& command);
  /// The next line, without having asked.
  std::string next_line();
  [[nodiscard]] cluster_tests::child_process& process() noexcept { return process_; }

private:
  cluster_tests::child_process process_;
  std::string address_;
};

/// Nanoseconds of the clock that all processes of a machine share.
std::int64_t now_in_nanoseconds();
/// A port of the loopback interface that nobody has now.
std::uint16_t free_port();

} // namespace registry::bench
