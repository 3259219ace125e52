#include <dispatch/worker/child.hpp>
#include <dispatch/worker/quiet_fork.hpp>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <system_error>

namespace dispatch {

namespace {

[[noreturn]] void fail(int code, const char* what) {
  throw std::system_error(code, std::generic_category(), what);
}

struct plan {
  char* const* arguments;
  int output;
  int errors;
  /// Of the guard.
  int entrance;
  /// Takes the error if there is one.
  int report;
  pid_t parent;
};

/// Becomes the program, or says why not. System calls only, since other threads may have held locks at the fork.
[[noreturn]] void become(const plan& x) noexcept {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  // From here on the parent is not missed any more.
  const bool ready = ::getppid() == x.parent && command_guard::enter(x.entrance);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (ready && nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(x.output, STDOUT_FILENO) >= 0 &&
      ::dup2(x.errors, STDERR_FILENO) >= 0) {
    for (const int usual : {SIGINT, SIGTERM, SIGPIPE})
      ::signal(usual, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execvp(x.arguments[0], x.arguments);
  }
  const int why = errno;
  static_cast<void>(!::write(x.report, &why, sizeof why));
  ::_exit(127);
}

/// The error that the new process reports; 0 if it has become the program.
int await_program(int report) {
  int why = 0;
  ssize_t got = 0;
  while ((got = ::read(report, &why, sizeof why)) < 0 && errno == EINTR) {
  }
  return got == sizeof why ? why : 0;
}

} // namespace

pid_t start_child(const std::vector<std::string>& command, int output, int errors, command_guard& guard) {
  std::vector<char*> arguments;
  for (const auto& x : command)
    arguments.push_back(const_cast<char*>(x.c_str()));
  arguments.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0)
    fail(errno, "making a pipe");
  const registry::owned_descriptor report{ends[0]};
  registry::owned_descriptor reported{ends[1]};
  const auto entrance = guard.entrance();
  const plan x{arguments.data(), output, errors, entrance.descriptor(), reported.descriptor(), ::getpid()};
  const auto pid = quiet_fork([&]() noexcept { become(x); });
  if (pid < 0)
    fail(errno, "the command cannot be started");
  guard.entered(pid);
  reported.close();
  if (const int why = await_program(report.descriptor()); why != 0) {
    reap_child(pid, guard);
    fail(why, "the command cannot be started");
  }
  return pid;
}

int reap_child(pid_t pid, command_guard& guard) {
  siginfo_t ended{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  guard.left(pid);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace dispatch
