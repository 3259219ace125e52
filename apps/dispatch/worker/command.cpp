#include <dispatch/worker/command.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

namespace dispatch {

namespace {

int check(long outcome, const char* what) {
  if (outcome < 0)
    throw std::system_error(errno, std::generic_category(), what);
  return static_cast<int>(outcome);
}

void check_code(int code, const char* what) {
  if (code != 0)
    throw std::system_error(code, std::generic_category(), what);
}

/// One of a command's outputs: the end to read from and what was read.
class output_pipe {
public:
  output_pipe() {
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC), "making a pipe");
    read_end_ = descriptor{ends[0]};
    write_end_ = descriptor{ends[1]};
    check(::fcntl(read_end_.descriptor(), F_SETFL, O_NONBLOCK), "making a pipe");
  }
  [[nodiscard]] int write_end() const noexcept { return write_end_.descriptor(); }
  [[nodiscard]] int read_end() const noexcept { return read_end_.descriptor(); }
  void close_write_end() noexcept { write_end_.close(); }
  /// Reads what is there; at the end of the output it closes.
  void read() {
    std::array<char, 16'384> block{};
    for (;;) {
      const auto count = ::read(read_end_.descriptor(), block.data(), block.size());
      if (count > 0)
        kept_.append(block.data(), std::min(static_cast<std::size_t>(count), most_output - kept_.size()));
      else if (count < 0 && errno == EINTR)
        continue;
      else if (count < 0 && errno == EAGAIN)
        return;
      else
        return read_end_.close();
    }
  }
  [[nodiscard]] std::string take() noexcept { return std::move(kept_); }

private:
  descriptor read_end_;
  descriptor write_end_;
  std::string kept_;
};

/// What `posix_spawn` is told about the descriptors and the signals of the new process.
class surroundings {
public:
  surroundings(const output_pipe& output, const output_pipe& errors) {
    check_code(::posix_spawn_file_actions_init(&actions_), "preparing a process");
    check_code(::posix_spawnattr_init(&attributes_), "preparing a process");
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output.write_end(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, errors.write_end(), STDERR_FILENO);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  surroundings(const surroundings&) = delete;
  surroundings& operator=(const surroundings&) = delete;
  ~surroundings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

pid_t start(const std::vector<std::string>& command, const output_pipe& output, const output_pipe& errors) {
  std::vector<char*> arguments;
  for (const auto& x : command)
    arguments.push_back(const_cast<char*>(x.c_str()));
  arguments.push_back(nullptr);
  const surroundings where{output, errors};
  pid_t pid = -1;
  check_code(::posix_spawnp(&pid, arguments.front(), where.actions(), where.attributes(), arguments.data(), environ),
             "the command cannot be started");
  return pid;
}

std::int32_t reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// Reads the outputs until the process ends. What it has left running in the background may hold them open for longer.
void follow(int process, output_pipe& output, output_pipe& errors, const cancellation& unwanted, pid_t pid) {
  constexpr short in = POLLIN;
  int cancelled = unwanted.readable();
  for (;;) {
    std::array<pollfd, 4> waiting{
        {{process, in, 0}, {output.read_end(), in, 0}, {errors.read_end(), in, 0}, {cancelled, in, 0}}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR)
      check(-1, "waiting for the command");
    if (waiting[3].revents != 0) {
      ::kill(-pid, SIGKILL);
      cancelled = -1;
    }
    if (output.read_end() >= 0)
      output.read();
    if (errors.read_end() >= 0)
      errors.read();
    if (waiting[0].revents != 0)
      return;
  }
}

command_ended run(const std::vector<std::string>& command, const cancellation& unwanted) {
  output_pipe output;
  output_pipe errors;
  const auto pid = start(command, output, errors);
  output.close_write_end();
  errors.close_write_end();
  const descriptor process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  if (process)
    follow(process.descriptor(), output, errors, unwanted, pid);
  else
    ::kill(-pid, SIGKILL); // there are no descriptors left: better none than one that nobody can follow
  const auto status = reap(pid);
  if (!process)
    return {0, {}, {}, "the command cannot be followed"};
  return {status, output.take(), errors.take(), {}};
}

} // namespace

cancellation::cancellation() : event_(check(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "making an event")) {}

void cancellation::cancel() const noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(event_.descriptor(), &one, sizeof one)); // it fails only if it is readable anyway
}

command_ended run_command(const std::vector<std::string>& command, const cancellation& unwanted) {
  try {
    return run(command, unwanted);
  } catch (const std::system_error& e) {
    return {0, {}, {}, e.what()};
  }
}

} // namespace dispatch
