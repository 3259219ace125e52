#pragma once

#include <registry/coro/detail/failure.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace registry::inline v0_2 {

namespace detail {

/// The function of a coroutine actor with its arguments. It lives as long as the coroutine, so that even a lambda with
/// captures and parameters that are references are safe.
class coroutine_body {
public:
  virtual ~coroutine_body() = default;
  virtual task<void> start(coroutine_self self) = 0;
  /// Whether the coroutine may refer to it.
  [[nodiscard]] virtual bool lent() const noexcept = 0;
};

inline task<void> fail_with(task<result<void>> main) {
  auto outcome = co_await std::move(main);
  if (!outcome)
    throw escaped_error(outcome.error());
}

/// A function whose parameters are copies of the arguments, of the same types.
template <class F, class... Args>
inline constexpr bool copies_arguments = std::is_same_v<F, task<void> (*)(coroutine_self, Args...)> ||
                                         std::is_same_v<F, task<result<void>> (*)(coroutine_self, Args...)>;

template <class F, class... Args>
class coroutine_body_of final : public coroutine_body {
public:
  template <class... Us>
  explicit coroutine_body_of(F fun, Us&&... args) : fun_(std::move(fun)), args_(std::forward<Us>(args)...) {}

  task<void> start(coroutine_self self) override {
    auto main = std::apply([&](Args&... args) { return std::invoke(fun_, self, std::move(args)...); }, args_);
    if constexpr (std::is_same_v<decltype(main), task<void>>)
      return main;
    else
      return fail_with(std::move(main));
  }
  [[nodiscard]] bool lent() const noexcept override { return !copies_arguments<F, Args...>; }

private:
  F fun_;
  std::tuple<Args...> args_;
};

caf::actor spawn_coroutine_actor(caf::actor_system& system, std::unique_ptr<coroutine_body> body);

template <class F, class... Args>
concept coroutine_function = requires(F& fun, coroutine_self self, Args... args) {
  { std::invoke(fun, self, std::move(args)...) } -> std::same_as<task<void>>;
} || requires(F& fun, coroutine_self self, Args... args) {
  { std::invoke(fun, self, std::move(args)...) } -> std::same_as<task<result<void>>>;
};

} // namespace detail

/// Starts an actor that runs a coroutine: `task<> fun(coroutine_self self, args…)`, or one of `task<result<void>>`.
///
///     task<> greeter(coroutine_self self, std::string name) {
///       for (;;) {
///         auto asked = co_await self.accept<greet>();
///         asked.reply.answer("hello from " + name);
///       }
///     }
///     auto someone = spawn_coroutine(system, greeter, "ann");
///
/// The actor ends when the coroutine does: normally, or with the error that it returns or the exception that escapes it as
/// the reason, which is also logged. When the actor is ended from outside, all its coroutines are destroyed where they wait;
/// requests that it has not answered get an error. It is an actor like any other: `caf::actor` handles, links, monitors and
/// exits work. The system's configuration must derive from `system_config`. The function and its arguments are copied or
/// moved, and live as long as the coroutine. Any thread.
template <class F, class... Args>
  requires detail::coroutine_function<F, std::decay_t<Args>...>
caf::actor spawn_coroutine(caf::actor_system& system, F fun, Args&&... args) {
  using body = detail::coroutine_body_of<F, std::decay_t<Args>...>;
  return detail::spawn_coroutine_actor(system, std::make_unique<body>(std::move(fun), std::forward<Args>(args)...));
}

} // namespace registry::inline v0_2
