#pragma once

#include <functional>
#include <string>

namespace registry::testing {

/// The end of a child process.
struct child_outcome {
  int status = 0; ///< as of waitpid
  std::string text;
};

/// Calls a function in a copy of this process, which ends with the returned status. Returns how it ended, with its standard
/// error output.
child_outcome in_child(const std::function<int()>& work);

} // namespace registry::testing
