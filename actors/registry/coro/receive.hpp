#pragma once

#include <registry/coro/detail/context.hpp>
#include <registry/coro/detail/message_pattern.hpp>
#include <registry/coro/responder.hpp>
#include <registry/member/member.hpp>

#include <coroutine>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace registry::inline v0_2 {

namespace detail {

/// The part of a wait for messages that does not depend on their types.
class receive_base : protected receiver {
public:
  /// A message that was taken, but not by the coroutine, is another one's.
  ~receive_base() override;
  bool await_ready();
  void await_suspend(std::coroutine_handle<> who) noexcept;

protected:
  explicit receive_base(coroutine_context& home) noexcept : home_(&home) {}
  receive_base(receive_base&&) = default;
  bool take(envelope what) override;
  envelope taken();

private:
  coroutine_context* home_;
  std::unique_ptr<envelope> taken_; // most wait longer without than with one
};

/// One type itself, several as a variant.
template <class... Ts>
struct received_type {
  using type = std::variant<Ts...>;
};
template <class T>
struct received_type<T> {
  using type = T;
};

} // namespace detail

/// The content of a received message: `T` for one type, a `std::variant` for several.
template <class... Ts>
using received_t = typename detail::received_type<Ts...>::type;

/// A message with its sender and the duty to answer it.
template <class... Ts>
struct incoming {
  /// `accept_operation` makes these.
  incoming(received_t<Ts...> what, member from, responder duty)
      : content(std::move(what)), sender(std::move(from)), reply(std::move(duty)) {}

  /// The message itself.
  received_t<Ts...> content;
  /// Null if it was sent anonymously.
  member sender;
  /// Answers the message; one that is destroyed unused refuses a request.
  responder reply;
};

/// The awaitable of `coroutine_self::accept`: the next message of one of these types. A `std::tuple` is a message of as many
/// elements, `caf::message` any message. Other messages are kept, in order, or served by a standing behaviour (`serve`). Of
/// several coroutines that wait, the one that has waited longest gets a message; one that is destroyed before it was resumed
/// loses none.
template <class... Ts>
class [[nodiscard]] accept_operation : public detail::receive_base {
public:
  static_assert(sizeof...(Ts) > 0, "name the types of the messages to wait for");
  /// Of one actor.
  explicit accept_operation(detail::coroutine_context& home) noexcept : receive_base(home) {}

  /// Part of the awaiter protocol of the language.
  incoming<Ts...> await_resume() {
    auto [content, sender, reply] = taken();
    return {read(content), std::move(sender), std::move(reply)};
  }

protected:
  /// Takes the content out of a message of one of the types.
  static received_t<Ts...> read(caf::message& content) {
    if constexpr (sizeof...(Ts) == 1)
      return detail::message_pattern<Ts...>::take(content);
    else
      return detail::take_one_of<Ts...>(content);
  }

private:
  [[nodiscard]] bool accepts(const caf::message& content) const noexcept override {
    return detail::accepts_one_of<Ts...>(content);
  }
};

/// The awaitable of `coroutine_self::receive`: as `accept_operation`, but the content alone. A request is answered, without
/// a value, as soon as it is received.
template <class... Ts>
class [[nodiscard]] receive_operation final : public accept_operation<Ts...> {
public:
  using accept_operation<Ts...>::accept_operation;

  /// Part of the awaiter protocol of the language.
  received_t<Ts...> await_resume() {
    auto [content, sender, reply] = this->taken();
    if (reply.owed())
      reply.answer();
    return this->read(content);
  }
};

} // namespace registry::inline v0_2
