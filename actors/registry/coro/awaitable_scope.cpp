#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/messages.hpp>
#include <registry/scope/scope_state.hpp>

#include <memory>
#include <optional>

namespace registry {

namespace {

/// The outcome comes on any thread, is put aside, and the actor is told so: its mailbox orders the two.
class key_awaiter final : private detail::response_waiter {
public:
  key_awaiter(detail::coroutine_context& home, std::shared_ptr<scope_state> where, const value& key,
              std::chrono::milliseconds timeout)
      : home_(home), where_(std::move(where)), key_(key), timeout_(timeout) {}
  ~key_awaiter() override {
    if (waiting_)
      where_->end_await(*waiting_, key_);
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    suspended(who);
    const auto number = home_.wait_for_outside(*this, timeout_);
    waiting_ = where_->await(key_, [outcome = outcome_, number, self = home_.actor().handle()](const result<group>& got) {
      outcome->emplace(got);
      compat::tell(self, coroutine_resume{number});
    });
  }
  result<group> await_resume() const {
    // Without a response the time ran out, and the outcome may be being written.
    if (!response_)
      return errc::timeout;
    return outcome_->value();
  }

private:
  detail::coroutine_context& home_;
  std::shared_ptr<scope_state> where_;
  const value& key_;
  std::chrono::milliseconds timeout_;
  std::shared_ptr<std::optional<result<group>>> outcome_ = std::make_shared<std::optional<result<group>>>();
  std::optional<std::uint64_t> waiting_;
};

} // namespace

task<result<group>> awaitable_scope::wait_for(coroutine_self self, scope where, value key,
                                              std::chrono::milliseconds timeout) {
  key_awaiter arrival{self.context(), where.state(), key, timeout};
  co_return co_await arrival;
}

} // namespace registry
