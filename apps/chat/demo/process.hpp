#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace chat::demo {

/// A process that this one started. It ends with this object, with the thread that made it, and with this process, however that
/// ends. It does not get the Ctrl-C of the terminal. Not thread-safe.
class process {
public:
  /// Standard error may go to a descriptor, which stays open here. Throws `std::system_error` if there can be
  /// no process; a program that cannot be run ends with status 127.
  explicit process(const std::vector<std::string>& command, int standard_error = 2);
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  /// Kills it.
  ~process();

  void signal(int number);
  /// Waits for the end; the exit status, or minus the signal that ended it. Nothing if it has not ended in time.
  std::optional<int> wait(std::chrono::milliseconds patience);

private:
  pid_t pid_ = -1;
  std::optional<int> ended_;
};

} // namespace chat::demo
