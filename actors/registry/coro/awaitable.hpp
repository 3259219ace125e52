#pragma once

#include <registry/coro/task.hpp>
#include <registry/error/error.hpp>

#include <concepts>
#include <coroutine>
#include <type_traits>
#include <utility>
#include <variant>

namespace registry::inline v0_2 {

namespace detail {

template <class A>
concept awaiter = requires(A& a) {
  { a.await_ready() } -> std::convertible_to<bool>;
  a.await_resume();
};

template <class A>
struct awaited;
template <class T>
struct awaited<task<T>> {
  using type = T;
};
template <awaiter A>
struct awaited<A> {
  using type = decltype(std::declval<A&>().await_resume());
};

} // namespace detail

/// An object that can be awaited, and passed on to be awaited elsewhere: a task, or an operation of `coroutine_self`,
/// `channel`, … that has not been awaited yet.
template <class A>
concept awaitable = std::move_constructible<A> && requires { typename detail::awaited<A>::type; };

/// The type of `co_await` of an awaitable.
template <awaitable A>
using awaited_t = typename detail::awaited<A>::type;

/// `T`; for `void` `std::monostate`, so that it can be stored.
template <class T>
using value_or_monostate = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

namespace detail {

template <class T>
struct as_result {
  using type = result<T>;
};
template <class T>
struct as_result<result<T>> {
  using type = result<T>;
};

} // namespace detail

/// `result<T>`, both for a `T` and for a `result<T>`.
template <class T>
using result_of = typename detail::as_result<T>::type;

} // namespace registry::inline v0_2
