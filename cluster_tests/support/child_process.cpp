#include <support/child_process.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <system_error>
#include <utility>

namespace cluster_tests {

namespace {

int check(long outcome) {
  if (outcome < 0)
    throw std::system_error(errno, std::generic_category(), "starting a process");
  return static_cast<int>(outcome);
}

std::pair<descriptor, descriptor> make_pipe() {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC));
  return {descriptor{ends[0]}, descriptor{ends[1]}};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& x : texts)
    out.push_back(const_cast<char*>(x.c_str()));
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_with(std::vector<std::string> added) {
  for (char** x = environ; *x != nullptr; ++x)
    added.emplace_back(*x);
  return added;
}

/// Like `fork`, perhaps into a new PID namespace.
pid_t fork_into(bool own_pids) {
  const unsigned long flags = SIGCHLD | (own_pids ? CLONE_NEWPID : 0);
  return check(::syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
}

/// Only system calls.
bool has_hosts(const char* file) {
  return ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount(file, "/etc/hosts", nullptr, MS_BIND, nullptr) == 0;
}

} // namespace

child_process::child_process(const std::vector<std::string>& command, const surroundings& where)
    : log_(check(::memfd_create("log", MFD_CLOEXEC))) {
  ::signal(SIGPIPE, SIG_IGN); // a write to a process that has ended is an error
  auto [child_input, input] = make_pipe();
  auto [output, child_output] = make_pipe();
  const auto arguments = pointers(command);
  const auto texts = environment_with(where.environment);
  const auto environment = pointers(texts);
  pid_ = fork_into(where.own_pids);
  if (pid_ == 0) {
    // Only system calls, because other threads may have held locks at the fork.
    ::signal(SIGPIPE, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const bool entered = (where.network < 0 || ::setns(where.network, CLONE_NEWNET) == 0) &&
                         (where.hosts.empty() || has_hosts(where.hosts.c_str()));
    ::dup2(child_input.descriptor(), STDIN_FILENO);
    ::dup2(child_output.descriptor(), STDOUT_FILENO);
    ::dup2(log_.descriptor(), STDERR_FILENO);
    if (entered)
      ::execvpe(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
  handle_ = descriptor{check(::syscall(SYS_pidfd_open, pid_, 0))};
  input_ = std::move(input);
  output_ = std::move(output);
}

child_process::~child_process() {
  if (ended_)
    return;
  signal(SIGKILL);
  static_cast<void>(wait(std::chrono::minutes{1}));
}

void child_process::write_line(const std::string& line) const {
  auto left = line + "\n";
  while (!left.empty()) {
    const auto written = ::write(input_.descriptor(), left.data(), left.size());
    if (written < 0)
      throw std::system_error(errno, std::generic_category(), "writing to a process");
    left.erase(0, static_cast<std::size_t>(written));
  }
}

std::optional<std::string> child_process::read_line(std::chrono::milliseconds patience) {
  for (;;) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      auto line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    pollfd ready{output_.descriptor(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) <= 0)
      return std::nullopt;
    std::array<char, 4096> chunk{};
    const auto got = ::read(output_.descriptor(), chunk.data(), chunk.size());
    if (got <= 0)
      return std::nullopt;
    unread_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

std::string child_process::log() const {
  std::string out;
  std::array<char, 4096> chunk{};
  for (ssize_t got = 0; (got = ::pread(log_.descriptor(), chunk.data(), chunk.size(), static_cast<off_t>(out.size()))) > 0;)
    out.append(chunk.data(), static_cast<std::size_t>(got));
  return out;
}

void child_process::signal(int number) const {
  if (!ended_)
    ::kill(pid_, number);
}

std::optional<int> child_process::wait(std::chrono::milliseconds patience) {
  pollfd ready{handle_.descriptor(), POLLIN, 0};
  if (ended_ || ::poll(&ready, 1, static_cast<int>(patience.count())) <= 0)
    return ended_;
  int status = 0;
  check(::waitpid(pid_, &status, 0));
  ended_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return ended_;
}

bool child_process::is_running() {
  return !wait(std::chrono::milliseconds{0});
}

std::size_t child_process::memory() const {
  std::ifstream in{"/proc/" + std::to_string(pid_) + "/statm"};
  std::size_t all = 0;
  std::size_t resident = 0;
  in >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t child_process::peak_memory() const {
  std::ifstream in{"/proc/" + std::to_string(pid_) + "/status"};
  std::string word;
  while (in >> word && word != "VmHWM:") {
  }
  std::size_t kilobytes = 0;
  in >> kilobytes;
  return kilobytes << 10U;
}

} // namespace cluster_tests
