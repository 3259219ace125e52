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

namespace registry::inline v0_2 {

/// The actor of a coroutine; the first parameter of every coroutine actor. A pointer, to be passed on by value. It is valid
/// as long as the actor's coroutines, and only for them: on the thread of the actor.
class coroutine_self {
public:
  /// `spawn_coroutine` makes these.
  explicit coroutine_self(detail::coroutine_context& home) noexcept : home_(&home) {}

  /// The actor's handle, for example to join a scope.
  [[nodiscard]] member handle() const { return home_->handle(); }
  /// The actor system of the actor.
  [[nodiscard]] caf::actor_system& system() const { return home_->system(); }
  /// The time by the clock of the actor system.
  [[nodiscard]] std::chrono::steady_clock::time_point now() const { return home_->now(); }

  /// Sends a message from this actor. Types are not checked; a null handle drops it.
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
  /// `co_await self.receive<A, B>()` gives a `std::variant<A, B>`, `co_await self.receive<A>()` an `A`; see
  /// `accept_operation`.
  template <class... Ts>
  [[nodiscard]] receive_operation<Ts...> receive() const noexcept {
    return receive_operation<Ts...>{*home_};
  }
  /// `co_await self.accept<A>()` gives the message with its sender and the duty to answer; see `accept_operation`.
  template <class... Ts>
  [[nodiscard]] accept_operation<Ts...> accept() const noexcept {
    return accept_operation<Ts...>{*home_};
  }
  /// `co_await self.sleep_for(10ms)`. Meanwhile other coroutines of the actor go on, and it receives messages.
  [[nodiscard]] sleep_operation sleep_for(std::chrono::milliseconds delay) const noexcept { return {*home_, delay}; }

  /// `co_await self.catch_up()` goes on when the actor has received every message that was sent to it before. By then
  /// coroutines that waited for one of them have run. Costs one message.
  [[nodiscard]] catch_up_operation catch_up() const noexcept { return catch_up_operation{*home_}; }

  /// Sets the number of messages that are kept until a coroutine asks for them, 65,536 at first. One more is dropped with a
  /// warning, and refused with `limit_exceeded` if it is a request.
  void limit_kept_messages(std::size_t most) const noexcept { home_->limit_kept(most); }

  /// For this library alone.
  [[nodiscard]] detail::coroutine_context& context() const noexcept { return *home_; }

private:
  detail::coroutine_context* home_;
};

} // namespace registry::inline v0_2
