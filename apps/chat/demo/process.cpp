#include <chat/demo/process.hpp>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace chat::demo {

namespace {

// Between fork and exec: system calls only, since other threads may have held locks at the fork.
[[noreturn]] void become(char* const* arguments, int standard_error, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent)
    ::_exit(127); // it ended before it could be noticed
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    ::signal(number, SIG_DFL);
  ::dup2(standard_error, STDERR_FILENO);
  // A socket that the parent closes must not stay open here.
  ::syscall(SYS_close_range, 3U, ~0U, 0U);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

} // namespace

process::process(const std::vector<std::string>& command, int standard_error) {
  std::vector<char*> arguments;
  for (const auto& each : command)
    arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  const auto parent = ::getpid();
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before); // no handler of the parent's may run in the child
  pid_ = ::fork();
  if (pid_ == 0)
    become(arguments.data(), standard_error, parent);
  const auto failed = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid_ < 0)
    throw std::system_error(failed, std::generic_category(), "cannot start a process");
}

process::~process() {
  signal(SIGKILL);
  static_cast<void>(wait(std::chrono::minutes{1}));
}

void process::signal(int number) {
  if (!ended_)
    ::kill(pid_, number);
}

std::optional<int> process::wait(std::chrono::milliseconds patience) {
  if (ended_)
    return ended_;
  const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0U));
  pollfd end{handle, POLLIN, 0};
  while (::poll(&end, 1, static_cast<int>(patience.count())) < 0 && errno == EINTR) {
  }
  ::close(handle);
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_)
    ended_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return ended_;
}

} // namespace chat::demo
