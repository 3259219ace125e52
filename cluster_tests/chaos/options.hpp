#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cluster_tests::chaos {

struct options {
  double minutes = 2;
  std::uint64_t seed = 0; ///< a random one unless it is given
  std::size_t nodes = 5;
  std::string encryption = "required";
  std::string folder = "build/chaos";
  /// Set if the arguments ask for help or are wrong: the process ends with it.
  std::optional<int> exit_status{};
};

options read_options(int argc, char** argv);
/// The command that does the same again.
std::string command_of(const options& x);

} // namespace cluster_tests::chaos
