#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace dispatch {

/// fork(2) during which all signals are blocked, so that no handler of this program runs in the new process. That one calls
/// `child`, with the signals still blocked, which must not return. In this process: the id, or -1 and `errno`.
template <class Child>
pid_t quiet_fork(Child child) noexcept {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto pid = ::fork();
  if (pid == 0)
    child();
  const int failed = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = failed;
  return pid;
}

} // namespace dispatch
