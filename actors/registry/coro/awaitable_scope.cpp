#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/internal/outside_awaiter.hpp>
#include <registry/scope/internal/scope_state.hpp>

#include <memory>
#include <utility>

namespace registry::inline v0_2 {

namespace {

using detail::outside_awaiter;

task<result<group>> wait_for(coroutine_self self, scope where, value key, std::chrono::milliseconds timeout) {
  outside_awaiter<group> arrival(self, timeout, [state = where.state(), key](outside_awaiter<group>::callback done) {
    const auto number = state->await(key, std::move(done));
    return [state, key, number] { state->end_await(number, key); };
  });
  co_return co_await arrival;
}

task<result<void>> reach(coroutine_self self, std::shared_ptr<scope_state> where, scope_state::milestone what,
                         std::chrono::milliseconds timeout) {
  outside_awaiter<void> arrival(self, timeout, [where, what](outside_awaiter<void>::callback done) {
    const auto number = where->await_milestone(what, std::move(done));
    return [where, number] { where->end_milestone(number); };
  });
  co_return co_await arrival;
}

} // namespace

task<result<group>> awaitable_scope::await_key(value key, std::chrono::milliseconds timeout) const {
  return wait_for(self_, scope_, std::move(key), timeout);
}

task<result<void>> awaitable_scope::await_synced(std::chrono::milliseconds timeout) const {
  return reach(self_, scope_.state(), scope_state::milestone::synced, timeout);
}

task<result<void>> awaitable_scope::await_replicated(std::chrono::milliseconds timeout) const {
  return reach(self_, scope_.state(), scope_state::milestone::replicated, timeout);
}

} // namespace registry::inline v0_2
