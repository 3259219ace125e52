#pragma once

#include <registry/coro/awaitable.hpp>
#include <registry/coro/detail/fiber.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace registry::inline v0_2 {

namespace detail {

/// Awaits and hands the result to `store`, whose targets outlive the task as its group does.
template <awaitable A, class Store>
task<void> run_and_store(A work, Store store) {
  if constexpr (std::is_void_v<awaited_t<A>>) {
    co_await std::move(work);
    store(std::monostate{});
  } else {
    store(co_await std::move(work));
  }
}

template <class Variant, std::size_t... Is, class... As>
void start_race(fiber_group& group, std::optional<Variant>& first, std::index_sequence<Is...>, As&... works) {
  (group.start(run_and_store(std::move(works),
                             [&first](auto&& x) { first.emplace(std::in_place_index<Is>, std::forward<decltype(x)>(x)); })),
   ...);
}

template <class... Ts, std::size_t... Is, class... As>
void start_all(fiber_group& group, std::tuple<std::optional<Ts>...>& outcomes, std::index_sequence<Is...>, As&... works) {
  (group.start(run_and_store(std::move(works),
                             [&slot = std::get<Is>(outcomes)](auto&& x) { slot.emplace(std::forward<decltype(x)>(x)); })),
   ...);
}

template <class T, class A>
void start_all(fiber_group& group, std::vector<std::optional<T>>& outcomes, std::vector<A>& works) {
  outcomes.resize(works.size());
  for (std::size_t i = 0; i < works.size(); ++i) {
    group.start(
        run_and_store(std::move(works[i]), [&slot = outcomes[i]](auto&& x) { slot.emplace(std::forward<decltype(x)>(x)); }));
  }
}

template <class First, class A>
void start_race(fiber_group& group, std::optional<First>& first, std::vector<A>& works) {
  for (std::size_t i = 0; i < works.size(); ++i) {
    group.start(
        run_and_store(std::move(works[i]), [&first, i](auto&& x) { first.emplace(i, std::forward<decltype(x)>(x)); }));
  }
}

} // namespace detail

/// The result of the fastest of several awaitables of one type.
template <class T>
struct first_done {
  /// `when_any` makes these.
  first_done(std::size_t which, T what) : index(which), value(std::move(what)) {}
  std::size_t index; ///< its index in the vector, from 0
  T value;           ///< its result
};

///@{
/// Runs several awaitables concurrently until one is done. The result is that one's, at its index in a variant
/// (`std::monostate` for `void`), or as `first_done` for a vector, which must not be empty. By then the others have been
/// cancelled: their coroutines are destroyed. An exception counts as done, and is thrown.
template <awaitable... As>
  requires(sizeof...(As) > 0)
task<std::variant<value_or_monostate<awaited_t<As>>...>> when_any(coroutine_self self, As... works) {
  std::optional<std::variant<value_or_monostate<awaited_t<As>>...>> first;
  detail::fiber_group group{self.context().loop(), detail::group_end::with_first};
  detail::start_race(group, first, std::index_sequence_for<As...>{}, works...);
  co_await group.join();
  co_return *std::move(first);
}

template <awaitable A>
task<first_done<value_or_monostate<awaited_t<A>>>> when_any(coroutine_self self, std::vector<A> works) {
  std::optional<first_done<value_or_monostate<awaited_t<A>>>> first;
  detail::fiber_group group{self.context().loop(), detail::group_end::with_first};
  detail::start_race(group, first, works);
  co_await group.join();
  co_return *std::move(first);
}
///@}

///@{
/// Runs several awaitables concurrently until all are done. The results come in their order, as a tuple or vector
/// (`std::monostate` for `void`). The first exception cancels the others and is thrown; an error in a `result` is a value
/// like any other.
template <awaitable... As>
task<std::tuple<value_or_monostate<awaited_t<As>>...>> when_all(coroutine_self self, As... works) {
  std::tuple<std::optional<value_or_monostate<awaited_t<As>>>...> outcomes;
  detail::fiber_group group{self.context().loop()};
  detail::start_all(group, outcomes, std::index_sequence_for<As...>{}, works...);
  co_await group.join();
  co_return std::apply([](auto&... slots) { return std::tuple{*std::move(slots)...}; }, outcomes);
}

template <awaitable A>
task<std::vector<value_or_monostate<awaited_t<A>>>> when_all(coroutine_self self, std::vector<A> works) {
  std::vector<std::optional<value_or_monostate<awaited_t<A>>>> outcomes;
  detail::fiber_group group{self.context().loop()};
  detail::start_all(group, outcomes, works);
  co_await group.join();
  std::vector<value_or_monostate<awaited_t<A>>> out;
  out.reserve(outcomes.size());
  for (auto& slot : outcomes)
    out.push_back(*std::move(slot));
  co_return out;
}
///@}

/// Awaits with a time limit, after which the awaitable is cancelled. The result is a `result<T>`, both for an awaitable of
/// `T` and for one of `result<T>`. Errors: `timeout`; those of the awaitable.
template <awaitable A>
task<result_of<awaited_t<A>>> with_timeout(coroutine_self self, std::chrono::milliseconds limit, A work) {
  std::optional<value_or_monostate<awaited_t<A>>> outcome;
  detail::fiber_group group{self.context().loop()};
  group.start(
      detail::run_and_store(std::move(work), [&outcome](auto&& x) { outcome.emplace(std::forward<decltype(x)>(x)); }));
  co_await detail::timed_join{group, self.context(), limit};
  if (!outcome)
    co_return errc::timeout;
  if constexpr (std::is_void_v<awaited_t<A>>)
    co_return success();
  else
    co_return *std::move(outcome);
}

} // namespace registry::inline v0_2
