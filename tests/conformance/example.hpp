#pragma once

#include <conformance/replayer.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace registry::conformance {

/// The lines of a small trace that shows every remark of the format, in duplicate mode.
std::vector<std::string> duplicate_example();
/// The same for the features of unique mode.
std::vector<std::string> unique_example();

/// The lines with a text in one of them, counted from 1 as in a file, replaced by another one. The text must be there.
std::vector<std::string> doctored(std::vector<std::string> lines, std::size_t line, std::string_view from,
                                  std::string_view to);

/// The outcome of a replay of some lines.
struct replayed {
  tally counts;
  /// The number of each differing line, and the difference.
  std::vector<std::pair<std::size_t, std::string>> differences;
  /// Why they were refused; empty if they were not.
  std::string refusal;
};

/// A node to replay lines on.
class example_stage {
public:
  example_stage();
  replayed replay(const std::vector<std::string>& lines, route way = route::calls);

private:
  system_config config_;
  caf::actor_system system_;
  node home_;
};

} // namespace registry::conformance
