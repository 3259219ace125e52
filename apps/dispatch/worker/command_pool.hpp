#pragma once

#include <dispatch/worker/command.hpp>

#include <registry/member/member.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dispatch {

/// Runs commands, each on a thread of its own, so that none blocks a thread of the actor system or waits for another command. The
/// places of the workers bound their number. The destructor waits for the commands that run: end the actors that started them
/// first. Any thread.
class command_pool {
public:
  command_pool() = default;
  command_pool(const command_pool&) = delete;
  command_pool& operator=(const command_pool&) = delete;
  ~command_pool();

  /// A command under way. It is cancelled when this is destroyed, and nobody waits for its end then.
  class running {
  public:
    running(running&&) noexcept = default;
    running& operator=(running&&) = delete;
    ~running();

    /// SIGTERM, and SIGKILL later: the command still tells when it has ended. Idempotent.
    void cancel() const noexcept;
    /// How it ended. Only once, and after its observer has been told.
    [[nodiscard]] command_result take();

  private:
    friend command_pool;
    struct state;
    explicit running(std::shared_ptr<state> of) noexcept;
    std::shared_ptr<state> state_;
  };

  /// Runs a command; then `observer` gets `command_finished` with this number. Throws `std::system_error` if there are no file
  /// descriptors left.
  running start(std::vector<std::string> command, registry::member observer, std::uint64_t number);

  [[nodiscard]] const command_guard& guard() const noexcept { return guard_; }

private:
  command_guard guard_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t threads_ = 0;
};

} // namespace dispatch
