#pragma once

#include <registry/link/internal/owned_socket.hpp>

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cluster_tests {

/// A file descriptor that is closed with its owner.
using descriptor = registry::owned_socket;

/// A child process with pipes to its standard input and output. Its standard error, the log, is kept in memory. It ends with
/// this object, or with this process.
class child_process {
public:
  struct surroundings {
    /// The network namespace of the process, unless it is this one.
    int network = -1;
    /// Whether it is the first process of a new PID namespace.
    bool own_pids = false;
    /// More variables, as `NAME=value`.
    std::vector<std::string> environment;
    /// A file that the process has as /etc/hosts, in a mount namespace of its own; needs root.
    std::string hosts{};
  };

  child_process(const std::vector<std::string>& command, const surroundings& where);
  explicit child_process(const std::vector<std::string>& command) : child_process(command, surroundings{}) {}
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process();

  void write_line(const std::string& line) const;
  /// The next line, or nothing if the output ends, or if no byte comes in time.
  std::optional<std::string> read_line(std::chrono::milliseconds patience);
  void close_input() { input_.close(); }
  /// The standard error so far.
  [[nodiscard]] std::string log() const;

  void signal(int number) const;
  /// Waits for the end. Returns the exit status, or minus the signal; nothing if it does not end in time.
  std::optional<int> wait(std::chrono::milliseconds patience);
  [[nodiscard]] bool is_running();
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Resident memory in bytes.
  [[nodiscard]] std::size_t memory() const;
  /// The most that it ever was.
  [[nodiscard]] std::size_t peak_memory() const;

private:
  pid_t pid_ = -1;
  descriptor handle_; // readable when the process has ended
  descriptor input_;
  descriptor output_;
  descriptor log_;
  std::string unread_;
  std::optional<int> ended_;
};

} // namespace cluster_tests
