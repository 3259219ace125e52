#pragma once

#include <registry/coro/awaitable.hpp>
#include <registry/coro/detail/context.hpp>
#include <registry/coro/detail/failure.hpp>
#include <registry/coro/detail/message_pattern.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <caf/message.hpp>

#include <coroutine>
#include <exception>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace registry::inline v0_2 {

/// @cond
namespace detail {

/// The parameters of a handler, but for a leading `coroutine_self`.
template <class F>
struct handler_signature : handler_signature<decltype(&F::operator())> {};
template <class R, class... As>
struct handler_signature<R (*)(As...)> {
  using result = R;
  using arguments = std::tuple<std::decay_t<As>...>;
  static constexpr bool takes_self = false;
  static constexpr bool takes_values = (!std::is_reference_v<As> && ...);
};
template <class R, class... As>
struct handler_signature<R (*)(coroutine_self, As...)> : handler_signature<R (*)(As...)> {
  static constexpr bool takes_self = true;
};
template <class C, class R, class... As>
struct handler_signature<R (C::*)(As...)> : handler_signature<R (*)(As...)> {};
template <class C, class R, class... As>
struct handler_signature<R (C::*)(As...) const> : handler_signature<R (*)(As...)> {};

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<task<T>> = true;

/// The part of a standing behaviour that does not depend on its handlers. Awaited, it takes messages until a handler throws.
class server_base : private receiver, private fiber_group {
public:
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who);
  void await_resume() const { std::rethrow_exception(failure_); }

protected:
  explicit server_base(coroutine_self self) noexcept : fiber_group(self.context().loop()), self_(self) {}
  [[nodiscard]] bool accepts(const caf::message& content) const noexcept override = 0;
  virtual void handle(envelope& what) = 0;

  /// Runs a handler that is a coroutine; its caller gets the answer, or an error if it is destroyed or throws.
  template <class T>
  static task<void> answer_with(responder reply, task<T> work) {
    std::exception_ptr failure;
    try {
      if constexpr (std::is_void_v<T>) {
        co_await std::move(work);
        reply.answer();
      } else {
        auto outcome = co_await std::move(work);
        reply.answer(std::move(outcome));
      }
    } catch (...) {
      failure = std::current_exception();
    }
    if (!failure)
      co_return;
    reply.refuse(to_error(failure));
    std::rethrow_exception(failure);
  }
  using fiber_group::destroy_all;
  using fiber_group::start;

  coroutine_self self_;

private:
  bool take(envelope what) final;
  void ended(std::exception_ptr failure) noexcept override;
  void fail(std::exception_ptr why) noexcept;

  std::exception_ptr failure_;
};

template <class... Handlers>
class server final : public server_base {
public:
  explicit server(coroutine_self self, Handlers... handlers) : server_base(self), handlers_(std::move(handlers)...) {}
  /// The coroutines of the handlers go before the handlers.
  ~server() override { destroy_all(); }

private:
  template <class Handler>
  using pattern_of = message_pattern<typename handler_signature<Handler>::arguments>;

  [[nodiscard]] bool accepts(const caf::message& content) const noexcept override {
    return (pattern_of<Handlers>::accepts(content) || ...);
  }
  void handle(envelope& what) override {
    std::apply([&](Handlers&... each) { (handled_by(each, what) || ...); }, handlers_);
  }

  template <class Handler>
  bool handled_by(Handler& handler, envelope& what) {
    using signature = handler_signature<Handler>;
    using result_type = typename signature::result;
    static_assert(!is_task<result_type> || signature::takes_values,
                  "a handler that is a coroutine takes its arguments by value");
    if (!pattern_of<Handler>::accepts(what.content))
      return false;
    auto arguments = pattern_of<Handler>::take(what.content);
    const auto call = [&] {
      return std::apply(
          [&](auto&... each) {
            if constexpr (signature::takes_self)
              return handler(self_, std::move(each)...);
            else
              return handler(std::move(each)...);
          },
          arguments);
    };
    if constexpr (is_task<result_type>) {
      start(answer_with(std::move(what.reply), call()));
    } else if constexpr (std::is_void_v<result_type>) {
      call();
      what.reply.answer();
    } else {
      what.reply.answer(call());
    }
    return true;
  }

  std::tuple<Handlers...> handlers_;
};

template <class... Handlers>
task<void> serve_with(coroutine_self self, Handlers... handlers) {
  server<Handlers...> standing(self, std::move(handlers)...);
  co_await standing;
}

} // namespace detail
/// @endcond

/// A standing behaviour: as long as it is awaited, messages for which no coroutine waits go to the first handler whose
/// parameters are the elements of the message. The handler's result is the answer: a value, a `result`, nothing, or a `task`
/// of these for a handler that is a coroutine, during which further messages are served. A first parameter of type
/// `coroutine_self` is the actor.
///
///     co_await serve(self, [](get, std::string key) { … }, lookup_slowly);
///
/// It never ends by itself; start it in a `nursery` to do other work at the same time. When it is destroyed, so are the
/// handlers that have not answered yet, and their callers get an error. An exception of a handler is an error for its
/// caller, and is thrown from here.
template <class... Handlers>
task<> serve(coroutine_self self, Handlers... handlers) {
  static_assert(sizeof...(Handlers) > 0, "a standing behaviour needs a handler");
  return detail::serve_with<Handlers...>(self, std::move(handlers)...);
}

} // namespace registry::inline v0_2
