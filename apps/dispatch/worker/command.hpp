#pragma once

#include <dispatch/worker/command_guard.hpp>

#include <registry/link/owned_descriptor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dispatch {

/// The bytes of each output of a command that are kept; the rest is read and counted.
inline constexpr std::size_t most_output = 65'536;

/// The time between SIGTERM and SIGKILL for a command that is given up.
inline constexpr std::chrono::seconds grace_period{2};

/// One of the outputs of a command.
struct captured_output {
  /// The first `most_output` bytes.
  std::string kept;
  /// The number of bytes in all.
  std::uint64_t size = 0;

  [[nodiscard]] bool is_truncated() const noexcept { return size > kept.size(); }
};

/// The end of a command.
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
  [[nodiscard]] int readable() const noexcept { return event_.descriptor(); }
  /// Any thread.
  [[nodiscard]] bool is_cancelled() const noexcept;

private:
  registry::owned_descriptor event_;
};

/// Runs a program, found by PATH, and waits for its end: without a shell, its input empty, in a process group of its own, so that
/// Ctrl-C in the terminal is not meant for it. One that is cancelled gets SIGTERM with its group, and SIGKILL when `grace_period`
/// has passed, or as soon as it has ended and closed its outputs; one that was cancelled before is not started. If this process
/// ends, `guard` ends the command. Blocks; any thread, which must live for as long as the command.
command_result run_command(const std::vector<std::string>& command, const cancellation& unwanted, command_guard& guard);

} // namespace dispatch
