#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/messages.hpp>
#include <registry/scope/scope_state.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace registry {

namespace {

/// Waits for an outcome that comes on any thread: it is put aside and the actor is told so; its mailbox orders the two.
template <class T>
class outside_awaiter final : private detail::response_waiter {
public:
  using callback = std::function<void(const result<T>&)>;
  /// Begins to wait and returns what ends it.
  using beginning = std::function<std::function<void()>(callback)>;

  outside_awaiter(coroutine_self self, std::chrono::milliseconds timeout, beginning begin)
      : self_(self), timeout_(timeout), begin_(std::move(begin)) {}
  ~outside_awaiter() override {
    if (end_)
      end_();
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    suspended(who);
    const auto number = self_.context().wait_for_outside(*this, timeout_);
    end_ = begin_([outcome = outcome_, number, actor = self_.handle()](const result<T>& got) {
      outcome->emplace(got);
      compat::tell(actor, coroutine_resume{number});
    });
  }
  result<T> await_resume() const {
    // Without a response the time ran out, and the outcome may be being written.
    if (!response_)
      return errc::timeout;
    return outcome_->value();
  }

private:
  coroutine_self self_;
  std::chrono::milliseconds timeout_;
  beginning begin_;
  std::function<void()> end_;
  std::shared_ptr<std::optional<result<T>>> outcome_ = std::make_shared<std::optional<result<T>>>();
};

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

task<result<void>> awaitable_scope::synced(std::chrono::milliseconds timeout) const {
  return reach(self_, scope_.state(), scope_state::milestone::synced, timeout);
}

task<result<void>> awaitable_scope::replicated(std::chrono::milliseconds timeout) const {
  return reach(self_, scope_.state(), scope_state::milestone::replicated, timeout);
}

} // namespace registry
