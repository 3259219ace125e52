#pragma once

#include <registry/link/owned_descriptor.hpp>

#include <sys/types.h>

#include <mutex>
#include <set>

namespace dispatch {

/// A process beside this one that ends the commands of this one when it is gone, however that came: when the socket between them
/// closes, each process group that is registered gets SIGTERM, and SIGKILL as soon as its leader has ended, after two seconds at
/// the latest. It is a session of its own, named `command-guard`, so that neither Ctrl-C nor a signal to this program or its group
/// is meant for it. It starts with the first command, and again with the next one if it was killed. Any thread.
class command_guard {
public:
  command_guard() = default;
  command_guard(const command_guard&) = delete;
  command_guard& operator=(const command_guard&) = delete;
  /// Ends the guard, with all commands that are registered still.
  ~command_guard();

  /// The socket for `enter`. Throws `std::system_error` if there is no guard and none can be started.
  [[nodiscard]] registry::owned_descriptor entrance();
  /// In a new process that leads a group of its own, before it becomes a command: registers it. False if the guard is gone.
  /// System calls only.
  static bool enter(int entrance) noexcept;
  /// A leader that entered is there: a guard that replaces this one has to know.
  void entered(pid_t leader);
  /// Its command has ended. To be called before the process is waited for, since its id may be used again after that.
  void left(pid_t leader) noexcept;

  /// The process; -1 if there is none.
  [[nodiscard]] pid_t pid() const;

private:
  void start();
  void stop() noexcept;
  [[nodiscard]] bool is_gone() const noexcept;

  mutable std::mutex mutex_;
  registry::owned_descriptor socket_;
  pid_t pid_ = -1;
  std::set<pid_t> leaders_;
};

} // namespace dispatch
