#pragma once

#include <registry/coro/detail/context.hpp>
#include <registry/coro/detail/message_pattern.hpp>
#include <registry/error/error.hpp>
#include <registry/member/member.hpp>

#include <caf/message.hpp>

#include <chrono>
#include <coroutine>
#include <tuple>
#include <type_traits>
#include <utility>

namespace registry::inline v0_2 {

namespace detail {

/// The part of a request that does not depend on the types of its response.
class request_base : protected response_waiter {
public:
  request_base(coroutine_context& home, member to, std::chrono::milliseconds timeout, caf::message content) noexcept
      : home_(&home), to_(std::move(to)), timeout_(timeout), content_(std::move(content)) {}
  ~request_base() override = default;

  /// There is nobody to ask.
  bool await_ready() const noexcept { return to_ == nullptr; }
  void await_suspend(std::coroutine_handle<> who);

protected:
  request_base(request_base&&) = default;
  /// The response, or why there is none.
  result<caf::message> response();
  static error unexpected();

private:
  coroutine_context* home_;
  member to_;
  std::chrono::milliseconds timeout_;
  caf::message content_;
};

template <class... Ts>
struct response_type {
  using type = std::tuple<Ts...>;
};
template <>
struct response_type<> {
  using type = void;
};
template <class T>
struct response_type<T> {
  using type = T;
};

} // namespace detail

/// The awaitable of `coroutine_self::request`: sends the request when it is awaited, and gives the response as a `result`:
/// of `void` if `Ts` is empty, of one type, or of a tuple of several. Errors: those of the registry as they were sent;
/// `timeout`, also for a remote actor that is lost; `actor_down` if the other actor had terminated; `invalid_actor` for a
/// null handle; `malformed` for a response of other types; `failed` with the text of any other error.
template <class... Ts>
class [[nodiscard]] request_operation final : public detail::request_base {
public:
  /// The value of the `result`.
  using value_type = typename detail::response_type<Ts...>::type;
  using detail::request_base::request_base;

  /// Part of the awaiter protocol of the language.
  result<value_type> await_resume() {
    auto got = response();
    if (!got)
      return got.error();
    using pattern = detail::message_pattern<std::tuple<Ts...>>;
    if (!pattern::accepts(got.value()))
      return unexpected();
    if constexpr (sizeof...(Ts) == 0)
      return success();
    else if constexpr (sizeof...(Ts) == 1)
      return std::get<0>(pattern::take(got.value()));
    else
      return pattern::take(got.value());
  }
};

} // namespace registry::inline v0_2
