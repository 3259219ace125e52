#include <dispatch/messages.hpp>
#include <dispatch/worker/command_pool.hpp>

#include <registry/actor/tell.hpp>

#include <system_error>
#include <thread>
#include <utility>

namespace dispatch {

struct command_pool::running::state {
  cancellation unwanted;
  // Written before the observer is told, read after that.
  command_result result;
};

command_pool::running::running(std::shared_ptr<state> of) noexcept : state_(std::move(of)) {}

command_pool::running::~running() {
  if (state_)
    cancel();
}

void command_pool::running::cancel() const noexcept {
  state_->unwanted.cancel();
}

command_result command_pool::running::take() {
  return std::move(state_->result);
}

command_pool::running command_pool::start(std::vector<std::string> command, registry::member observer,
                                          std::uint64_t number) {
  auto shared = std::make_shared<running::state>();
  const auto work = [this, shared, command = std::move(command), observer = std::move(observer), number] {
    shared->result = run_command(command, shared->unwanted, guard_);
    registry::tell(observer, command_finished{number});
    const std::lock_guard lock{mutex_};
    --threads_;
    ended_.notify_all(); // under the lock: then the pool may be gone
  };
  const std::lock_guard lock{mutex_};
  std::thread{work}.detach();
  ++threads_;
  return running{std::move(shared)};
}

command_pool::~command_pool() {
  std::unique_lock lock{mutex_};
  ended_.wait(lock, [this] { return threads_ == 0; });
}

} // namespace dispatch
