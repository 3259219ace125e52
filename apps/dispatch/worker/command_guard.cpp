#include <dispatch/worker/command_guard.hpp>
#include <dispatch/worker/quiet_fork.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace dispatch {

namespace {

/// A message to the guard: a leader that is there, or minus one that has left.
using notice = std::int32_t;

/// The time that a new process waits for a guard that does not listen.
constexpr timeval patience{10, 0};

bool tell(int socket, notice what, int flags = MSG_DONTWAIT) noexcept {
  return ::send(socket, &what, sizeof what, MSG_NOSIGNAL | flags) == sizeof what;
}

// -- In the guard. It is forked from a program with many threads, whose locks may be held: so it makes system calls only.

constexpr std::chrono::milliseconds grace{2'000};
/// No more processes than this can exist, and most of these pages are never touched.
constexpr std::size_t most_leaders = std::size_t{1} << 22U;

std::chrono::milliseconds now() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::milliseconds{time.tv_nsec / 1'000'000};
}

/// Overwrites the command line, so that who looks for the program by its command line does not take this for it.
void set_command_line(std::string_view name) noexcept {
  std::array<char, 4096> line{};
  const int file = ::open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  const auto length = file < 0 ? 0 : ::read(file, line.data(), line.size());
  ::close(file);
  char* const first = program_invocation_name;
  if (length <= 0 || std::strncmp(line.data(), first, static_cast<std::size_t>(length)) != 0)
    return;
  std::memset(first, 0, static_cast<std::size_t>(length));
  std::memcpy(first, name.data(), std::min(name.size(), static_cast<std::size_t>(length) - 1));
}

/// Keeps nothing of the program that others could wait for: its output, its sockets.
void leave_program(int socket) noexcept {
  constexpr int place = 3;
  ::setsid();
  for (const int ignored : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE})
    ::signal(ignored, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(socket, place);
  ::syscall(SYS_close_range, place + 1, ~0U, 0);
  const int nothing = ::open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::dup2(nothing, standard);
  ::close(nothing);
  ::prctl(PR_SET_NAME, "command-guard");
  set_command_line("command-guard");
}

void await_end(pid_t leader, std::chrono::milliseconds deadline) noexcept {
  pollfd ended{static_cast<int>(::syscall(SYS_pidfd_open, leader, 0)), POLLIN, 0};
  if (ended.fd < 0)
    return;
  for (auto left = deadline - now(); left.count() > 0; left = deadline - now()) {
    if (::poll(&ended, 1, static_cast<int>(left.count())) >= 0 || errno != EINTR)
      break;
  }
  ::close(ended.fd);
}

void end_all(const pid_t* begin, const pid_t* end) noexcept {
  std::for_each(begin, end, [](pid_t leader) {
    ::kill(-leader, SIGTERM);
    ::kill(-leader, SIGCONT); // a stopped process heeds no SIGTERM
  });
  const auto deadline = now() + grace;
  std::for_each(begin, end, [&](pid_t leader) { await_end(leader, deadline); });
  std::for_each(begin, end, [](pid_t leader) { ::kill(-leader, SIGKILL); });
}

[[noreturn]] void be_guard(int socket, pid_t* leaders) noexcept {
  leave_program(socket);
  constexpr int place = 3;
  auto* end = leaders;
  for (;;) {
    notice what = 0;
    const auto got = ::recv(place, &what, sizeof what, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got != sizeof what)
      break;
    if (what < 0)
      end = std::remove(leaders, end, -what);
    else if (end != leaders + most_leaders)
      *end++ = what;
  }
  end_all(leaders, end);
  ::_exit(0);
}

} // namespace

void command_guard::start() {
  std::array<int, 2> ends{};
  // Packets: each notice arrives whole, and there is an end.
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) < 0)
    throw std::system_error(errno, std::generic_category(), "making a socket for the guard of commands");
  registry::owned_descriptor ours{ends[0]};
  const registry::owned_descriptor its{ends[1]};
  ::setsockopt(ours.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  constexpr auto size = most_leaders * sizeof(pid_t);
  auto* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw std::system_error(errno, std::generic_category(), "making room for the guard of commands");
  const auto pid = quiet_fork([&]() noexcept { be_guard(its.descriptor(), static_cast<pid_t*>(memory)); });
  const auto failed = errno;
  ::munmap(memory, size);
  if (pid < 0)
    throw std::system_error(failed, std::generic_category(), "starting the guard of commands");
  pid_ = pid;
  socket_ = std::move(ours);
  for (const auto leader : leaders_)
    tell(socket_.descriptor(), leader);
}

void command_guard::stop() noexcept {
  socket_.close();
  if (pid_ >= 0) {
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
}

bool command_guard::is_gone() const noexcept {
  pollfd state{socket_.descriptor(), POLLIN, 0};
  return pid_ < 0 || (::poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0);
}

command_guard::~command_guard() {
  stop();
}

registry::owned_descriptor command_guard::entrance() {
  const std::lock_guard lock{mutex_};
  if (is_gone()) {
    stop();
    start();
  }
  const int copy = ::fcntl(socket_.descriptor(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0)
    throw std::system_error(errno, std::generic_category(), "reaching the guard of commands");
  return registry::owned_descriptor{copy};
}

bool command_guard::enter(int entrance) noexcept {
  return tell(entrance, ::getpid(), 0);
}

void command_guard::entered(pid_t leader) {
  const std::lock_guard lock{mutex_};
  leaders_.insert(leader);
}

void command_guard::left(pid_t leader) noexcept {
  const std::lock_guard lock{mutex_};
  leaders_.erase(leader);
  // One that is not told would take a later process for this one: the next command gets another guard.
  if (pid_ >= 0 && !tell(socket_.descriptor(), -leader))
    ::kill(pid_, SIGKILL);
}

pid_t command_guard::pid() const {
  const std::lock_guard lock{mutex_};
  return pid_;
}

} // namespace dispatch
