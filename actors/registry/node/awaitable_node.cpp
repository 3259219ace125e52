#include <registry/actor/handle.hpp>
#include <registry/coro/internal/outside_awaiter.hpp>
#include <registry/node/awaitable_node.hpp>
#include <registry/node/internal/node_actor.hpp>
#include <registry/node/internal/node_state.hpp>
#include <registry/scope/internal/section.hpp>

#include <thread>
#include <utility>

namespace registry::inline v0_2 {

namespace {

using waiting = detail::outside_awaiter<void>;

task<result<void>> close(coroutine_self self, std::shared_ptr<node_state> home, std::string name) {
  auto closing = extract_scope(*home, name);
  if (!closing)
    co_return closing.error();
  waiting ended(self, std::chrono::milliseconds::max(), [scope = closing.value()](waiting::callback done) {
    compat::on_end(as_member(begin_to_end(*scope)), [done = std::move(done)] { done(success()); });
    return [] {};
  });
  co_return co_await ended;
}

task<result<void>> join(coroutine_self self, std::shared_ptr<mesh> cluster, std::chrono::milliseconds timeout) {
  if (cluster == nullptr)
    co_return success();
  waiting arrival(self, timeout, [cluster](waiting::callback done) {
    const auto number = cluster->await_joined(std::move(done));
    return [cluster, number] { cluster->end_await_joined(number); };
  });
  auto outcome = co_await arrival;
  if (!outcome && outcome.error() == errc::timeout)
    co_return cluster->joined(); // says what is missing
  co_return outcome;
}

task<result<void>> leave(coroutine_self self, std::shared_ptr<node_state> home) {
  waiting left(self, std::chrono::milliseconds::max(), [home = home.get()](waiting::callback done) {
    const section guard(home->lock);
    // One after the other, however many coroutines request it.
    home->leaving = std::jthread([home, done = std::move(done), before = std::move(home->leaving)]() mutable {
      if (before.joinable())
        before.join();
      empty_scopes(*home);
      stop_node(*home);
      done(success());
    });
    return [] {};
  });
  co_return co_await left;
}

} // namespace

task<result<void>> awaitable_node::close_scope(std::string name) const {
  return close(self_, state_, std::move(name));
}

task<result<void>> awaitable_node::await_joined(std::chrono::milliseconds timeout) const {
  return join(self_, state_->cluster, timeout);
}

task<result<void>> awaitable_node::drain() const {
  return leave(self_, state_);
}

} // namespace registry::inline v0_2
