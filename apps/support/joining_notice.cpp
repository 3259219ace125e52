#include <support/joining_notice.hpp>

#include <registry/coro/self.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/coro/task.hpp>
#include <registry/node/awaitable_node.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

namespace support {

namespace {

using teller = std::function<void(std::string_view)>;

constexpr std::chrono::milliseconds first_notice{1'000};

registry::task<> notice(registry::coroutine_self self, const registry::node* home, std::shared_ptr<std::promise<void>> begun,
                        teller tell) {
  const registry::awaitable_node joining{self, *home};
  begun->set_value(); // from here on the node may go
  auto joined = co_await joining.await_joined(first_notice);
  if (joined || joined.error() != registry::errc::timeout)
    co_return;
  tell("still waiting for the cluster: " + std::string{joined.error().message()});
  auto later = co_await joining.await_joined(std::chrono::milliseconds::max());
  if (later)
    tell("has joined the cluster");
}

} // namespace

void tell_of_joining(caf::actor_system& system, const registry::node& home, std::function<void(std::string_view)> tell) {
  const auto begun = std::make_shared<std::promise<void>>();
  auto has_begun = begun->get_future();
  registry::spawn_coroutine(system, notice, &home, begun, std::move(tell));
  has_begun.wait();
}

} // namespace support
