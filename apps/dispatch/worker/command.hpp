#pragma once

#include <dispatch/messages.hpp>

#include <registry/link/owned_socket.hpp>

#include <string>
#include <vector>

namespace dispatch {

/// A file descriptor that is closed with its owner.
using descriptor = registry::owned_socket;

/// How much of each of a command's outputs is kept, in bytes; the rest is read and dropped.
inline constexpr std::size_t most_output = 65'536;

/// Says to another thread that something is no longer wanted.
class cancellation {
public:
  /// Throws `std::system_error` if there are no file descriptors left.
  cancellation();
  /// Any thread. Idempotent.
  void cancel() const noexcept;
  /// Readable once it was cancelled.
  [[nodiscard]] int readable() const noexcept { return event_.descriptor(); }

private:
  descriptor event_;
};

/// Runs a program, found by PATH, and waits for its end: without a shell, its input empty, in a process group of its own, so that
/// Ctrl-C in the terminal is not meant for it. One that is cancelled is killed with its group. Blocks.
command_ended run_command(const std::vector<std::string>& command, const cancellation& unwanted);

} // namespace dispatch
