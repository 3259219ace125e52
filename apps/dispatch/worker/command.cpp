#include <dispatch/worker/child.hpp>
#include <dispatch/worker/command.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

namespace dispatch {

namespace {

using clock = std::chrono::steady_clock;

int check(long outcome, const char* what) {
  if (outcome < 0)
    throw std::system_error(errno, std::generic_category(), what);
  return static_cast<int>(outcome);
}

/// One of a command's outputs: the end to read from and what was read.
class output_pipe {
public:
  output_pipe() {
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC), "making a pipe");
    read_end_ = registry::owned_descriptor{ends[0]};
    write_end_ = registry::owned_descriptor{ends[1]};
    check(::fcntl(read_end_.descriptor(), F_SETFL, O_NONBLOCK), "making a pipe");
  }
  [[nodiscard]] int write_end() const noexcept { return write_end_.descriptor(); }
  [[nodiscard]] int read_end() const noexcept { return read_end_.descriptor(); }
  void close_write_end() noexcept { write_end_.close(); }
  [[nodiscard]] bool at_end() const noexcept { return !read_end_; }
  /// Reads what is there; at the end of the output it closes.
  void read() {
    std::array<char, 16'384> block{};
    while (read_end_) {
      const auto count = ::read(read_end_.descriptor(), block.data(), block.size());
      if (count > 0)
        keep(block.data(), static_cast<std::size_t>(count));
      else if (count < 0 && errno == EINTR)
        continue;
      else if (count < 0 && errno == EAGAIN)
        return;
      else
        read_end_.close();
    }
  }
  [[nodiscard]] captured_output take() noexcept { return std::move(captured_); }

private:
  void keep(const char* bytes, std::size_t count) {
    captured_.kept.append(bytes, std::min(count, most_output - captured_.kept.size()));
    captured_.size += count;
  }

  registry::owned_descriptor read_end_;
  registry::owned_descriptor write_end_;
  captured_output captured_;
};

/// Follows a command to its end, and ends it if it is cancelled.
class follower {
public:
  follower(pid_t pid, int process, int cancelled, output_pipe& output, output_pipe& errors)
      : pid_(pid), process_(process), cancelled_(cancelled), output_(&output), errors_(&errors) {}

  /// Reads the outputs until the process ends. What it has left running in the background may hold them open for longer; of a
  /// command that was cancelled nothing is left running.
  void follow() {
    while (process_ >= 0 || kill_at_) {
      wait();
      if (kill_at_ && (all_gone() || clock::now() >= *kill_at_)) {
        ::kill(-pid_, SIGKILL); // the leader is not reaped yet, so the group is still this one
        kill_at_.reset();
      }
    }
  }

private:
  [[nodiscard]] bool all_gone() const { return process_ < 0 && output_->at_end() && errors_->at_end(); }

  [[nodiscard]] int patience() const {
    if (!kill_at_)
      return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*kill_at_ - clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  }

  void wait() {
    constexpr short in = POLLIN;
    std::array<pollfd, 4> waiting{
        {{process_, in, 0}, {output_->read_end(), in, 0}, {errors_->read_end(), in, 0}, {cancelled_, in, 0}}};
    if (::poll(waiting.data(), waiting.size(), patience()) < 0) {
      if (errno != EINTR)
        check(-1, "waiting for the command");
      return;
    }
    if (waiting[3].revents != 0) {
      ::kill(-pid_, SIGTERM);
      ::kill(-pid_, SIGCONT); // a stopped process heeds no SIGTERM
      kill_at_ = clock::now() + grace_period;
      cancelled_ = -1;
    }
    output_->read();
    errors_->read();
    if (waiting[0].revents != 0)
      process_ = -1;
  }

  pid_t pid_;
  int process_;   // -1 when it has ended
  int cancelled_; // -1 when that is known
  output_pipe* output_;
  output_pipe* errors_;
  std::optional<clock::time_point> kill_at_;
};

command_result run(const std::vector<std::string>& command, const cancellation& unwanted, command_guard& guard) {
  output_pipe output;
  output_pipe errors;
  const auto pid = start_child(command, output.write_end(), errors.write_end(), guard);
  output.close_write_end();
  errors.close_write_end();
  const registry::owned_descriptor process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  std::string problem;
  try {
    check(process.descriptor(), "the command cannot be followed");
    follower{pid, process.descriptor(), unwanted.readable(), output, errors}.follow();
  } catch (const std::system_error& e) {
    ::kill(-pid, SIGKILL); // there are no descriptors left: better none than one that nobody can follow
    problem = e.what();
  }
  const auto status = reap_child(pid, guard);
  return {status, output.take(), errors.take(), problem};
}

} // namespace

cancellation::cancellation() : event_(check(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "making an event")) {}

void cancellation::cancel() const noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(event_.descriptor(), &one, sizeof one)); // it fails only if it is readable anyway
}

bool cancellation::is_cancelled() const noexcept {
  pollfd state{event_.descriptor(), POLLIN, 0};
  return ::poll(&state, 1, 0) > 0;
}

command_result run_command(const std::vector<std::string>& command, const cancellation& unwanted, command_guard& guard) {
  if (unwanted.is_cancelled())
    return {0, {}, {}, "the command was given up before it began"};
  try {
    return run(command, unwanted, guard);
  } catch (const std::system_error& e) {
    return {0, {}, {}, e.what()};
  }
}

} // namespace dispatch
