#pragma once

#include <dispatch/worker/command.hpp>

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace dispatch {

/// Threads of their own for commands, so that none blocks a thread of the actor system. Destroying it waits for the commands
/// that run: end the actors that started them first.
class command_pool {
public:
  explicit command_pool(std::size_t threads) : threads_(threads) {}
  command_pool(const command_pool&) = delete;
  command_pool& operator=(const command_pool&) = delete;
  ~command_pool() { threads_.join(); }

  /// A command under way. It is killed when this is destroyed.
  class running {
  public:
    explicit running(std::shared_ptr<const cancellation> of) noexcept : unwanted_(std::move(of)) {}
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running() { unwanted_->cancel(); }

  private:
    std::shared_ptr<const cancellation> unwanted_;
  };

  /// Runs a command as soon as a thread is free; then `observer` gets `command_ended`.
  running start(std::vector<std::string> command, registry::member observer);

private:
  boost::asio::thread_pool threads_;
};

/// Runs a command and gives how it ended. Destroying the task kills the command.
registry::task<registry::result<command_ended>>
run_command(registry::coroutine_self self, std::shared_ptr<command_pool> pool, std::vector<std::string> command);

} // namespace dispatch
