#pragma once

#include <dispatch/worker/command_guard.hpp>

#include <dispatch/worker/descriptor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dispatch {

/// How much of each of a command's outputs is kept, in bytes; the rest is read and counted.
inline constexpr std::size_t most_output = 65'536;

/// How long a command that is given up has between SIGTERM and SIGKILL.
inline constexpr std::chrono::seconds grace_period{2};

/// What a command wrote to one of its outputs.
struct captured_output {
  /// The first `most_output` bytes.
  std::string kept;
  /// How many bytes it wrote in all.
  std::uint64_t size = 0;

  [[nodiscard]] bool is_truncated() const noexcept { return size > kept.size(); }
};

/// How a command ended.
struct command_result {
  /// The exit status, or minus the signal that ended it.
  std::int32_t status = 0;
  captured_output output;
  captured_output errors;
  /// Why it could not be run; then the rest means nothing.
  std::string problem;
};

/// Says to another thread that something is no longer wanted.
class cancellation {
public:
  /// Throws `std::system_error` if there are no file descriptors left.
  cancellation();
  /// Any thread. Idempotent.
  void cancel() const noexcept;
  /// Readable once it was cancelled.
  [[nodiscard]] int readable() const noexcept { return event_.number(); }
  /// Any thread.
  [[nodiscard]] bool is_cancelled() const noexcept;

private:
  descriptor event_;
};

/// Runs a program, found by PATH, and waits for its end: without a shell, its input empty, in a process group of its own, so that
/// Ctrl-C in the terminal is not meant for it. One that is cancelled gets SIGTERM with its group, and SIGKILL when `grace_period`
/// has passed, or as soon as it has ended and closed its outputs; one that was cancelled before is not started. If this process
/// ends, `guard` ends the command. Blocks; any thread, which must live for as long as the command.
command_result run_command(const std::vector<std::string>& command, const cancellation& unwanted, command_guard& guard);

} // namespace dispatch
