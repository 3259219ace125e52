#pragma once

#include <functional>
#include <string>

namespace registry::testing {

/// How a child process ended.
struct child_outcome {
  int status = 0; ///< as of waitpid
  std::string text;
};

/// Runs something in a copy of this process, which ends with the status that it returns, and tells how that ended and what it said
/// on its standard error stream.
child_outcome in_child(const std::function<int()>& work);

} // namespace registry::testing
