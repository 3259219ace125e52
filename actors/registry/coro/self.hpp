#pragma once

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>
#include <registry/coro/detail/catch_up.hpp>
#include <registry/coro/detail/context.hpp>
#include <registry/coro/receive.hpp>
#include <registry/coro/request.hpp>
#include <registry/coro/sleep.hpp>

#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <chrono>
#include <cstddef>
#include <utility>

namespace registry {

/// What a coroutine knows its actor by; the first parameter of every coroutine actor. A pointer, to be passed on by value; it is
/// valid for as long as the actor's coroutines are, and may be used by them alone.
class coroutine_self {
public:
  explicit coroutine_self(detail::coroutine_context& home) noexcept : home_(&home) {}

  /// The actor's handle, for example to join a scope.
  [[nodiscard]] member handle() const { return home_->actor().handle(); }
  [[nodiscard]] caf::actor_system& system() const { return home_->actor().system(); }
  /// The time by the clock of the actor system.
  [[nodiscard]] std::chrono::steady_clock::time_point now() const { return home_->actor().now(); }

  /// Sends a message from this actor; there is no check of types.
  template <class Handle, class... Ts>
  void send(const Handle& to, Ts&&... content) const {
    compat::deliver(as_member(to), caf::make_message(std::forward<Ts>(content)...), handle());
  }
  /// `co_await self.request<std::string>(dest, 1s, ask{})` gives a `result<std::string>`; see `request_operation`.
  template <class... Rs, class Handle, class... Ts>
  [[nodiscard]] request_operation<Rs...> request(const Handle& to, std::chrono::milliseconds timeout,
                                                 Ts&&... content) const {
    return {*home_, as_member(to), timeout, caf::make_message(std::forward<Ts>(content)...)};
  }
  /// `co_await self.receive<A, B>()` gives a `std::variant<A, B>`, `co_await self.receive<A>()` an `A`; see `accept_operation`.
  template <class... Ts>
  [[nodiscard]] receive_operation<Ts...> receive() const noexcept {
    return receive_operation<Ts...>{*home_};
  }
  /// The same with the sender and the duty to answer.
  template <class... Ts>
  [[nodiscard]] accept_operation<Ts...> accept() const noexcept {
    return accept_operation<Ts...>{*home_};
  }
  /// `co_await self.sleep_for(10ms)`. Other coroutines of the actor go on, and it takes messages.
  [[nodiscard]] sleep_operation sleep_for(std::chrono::milliseconds delay) const noexcept { return {*home_, delay}; }

  /// `co_await self.catch_up()` goes on when all that was sent to the actor until now has been received; see `catch_up_operation`.
  [[nodiscard]] catch_up_operation catch_up() const noexcept { return catch_up_operation{*home_}; }

  /// How many messages that nobody has asked for yet are kept (65,536 unless told): one more is dropped with a warning, and
  /// refused if it is a request.
  void limit_kept_messages(std::size_t most) const noexcept { home_->limit_kept(most); }

  /// For the parts of this library.
  [[nodiscard]] detail::coroutine_context& context() const noexcept { return *home_; }

private:
  detail::coroutine_context* home_;
};

} // namespace registry
