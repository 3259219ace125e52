#pragma once

#include <registry/coro/detail/frame.hpp>

#include <coroutine>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>
#include <variant>

namespace registry::inline v0_2 {

template <class T>
class task;

namespace detail {

class coroutine_context;
template <class T>
class task_promise;

/// The common part of the promises of all tasks. A child that completes while it is being started hands the control back by
/// returning; one that completes later passes it to the coroutine that awaits it, see `transfer`. So it does not know that one before.
class task_promise_base : public frame {
public:
  std::suspend_always initial_suspend() const noexcept { return {}; }

  struct final_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) const noexcept {
      const task_promise_base& promise = finished.promise();
      if (promise.continuation_)
        return transfer::to(promise.continuation_);
      if (auto* const end = promise.end())
        end->completed();
      return std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };
  final_awaiter final_suspend() const noexcept { return {}; }

  /// Runs a task until it completes (false) or waits for something (true); then it will resume `continuation`.
  template <class Promise>
  static bool start(std::coroutine_handle<Promise> child, std::coroutine_handle<> continuation) {
    transfer::start(child);
    if (child.done())
      return false;
    child.promise().continuation_ = continuation;
    return true;
  }

private:
  std::coroutine_handle<> continuation_;
};

/// Awaits a task, and owns it from then on.
template <class T>
class task_awaiter {
public:
  using handle = std::coroutine_handle<task_promise<T>>;

  explicit task_awaiter(handle child) noexcept : child_(child), owned_(&child.promise()) {}

  bool await_ready() const noexcept { return false; }
  template <class Parent>
  bool await_suspend(std::coroutine_handle<Parent> parent) {
    owned_.awaited_by(frame_of(parent));
    return task_promise_base::start(child_, parent);
  }
  T await_resume() {
    owned_.has_completed();
    return child_.promise().take();
  }

private:
  handle child_;
  child_frame owned_;
};

template <class T>
class task_promise final : public task_promise_base {
public:
  task<T> get_return_object() noexcept;
  template <class U>
    requires std::constructible_from<T, U&&>
  void return_value(U&& x) {
    outcome_.template emplace<1>(std::forward<U>(x));
  }
  void return_value(T x) { outcome_.template emplace<1>(std::move(x)); }
  void unhandled_exception() noexcept { outcome_.template emplace<2>(std::current_exception()); }
  T take() {
    if (outcome_.index() == 2)
      std::rethrow_exception(std::get<2>(outcome_));
    return std::get<1>(std::move(outcome_));
  }

private:
  std::variant<std::monostate, T, std::exception_ptr> outcome_;
};

template <>
class task_promise<void> final : public task_promise_base {
public:
  inline task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void unhandled_exception() noexcept { failure_ = std::current_exception(); }
  void take() const {
    if (failure_)
      std::rethrow_exception(failure_);
  }
  [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

private:
  std::exception_ptr failure_;
};

} // namespace detail

/// A coroutine that computes a `T`. It starts when it is awaited, once, and then belongs to the coroutine that awaits it:
/// when that one is destroyed, the task is destroyed where it is suspended, with its local variables. Work is cancelled in
/// this way. Errors are values: let `T` be a `result<U>`. An exception that escapes the coroutine is thrown where it is
/// awaited.
///
/// A task runs on one actor only and is resumed there. Parameters of a coroutine must be values, not references: they live
/// in its frame. Never destroy a coroutine that is running. Tasks may await each other to any depth. Laziness and the
/// transfer of control follow cppcoro's `task` (Baker 2017).
template <class T = void>
class [[nodiscard]] task {
public:
  using promise_type = detail::task_promise<T>; ///< the promise protocol of the language
  using value_type = T;                         ///< the type of `co_await`

  ///@{
  /// Moves a task that has not been awaited.
  task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  task& operator=(task&& other) noexcept {
    task(std::move(other)).swap(*this);
    return *this;
  }
  ///@}
  ~task() {
    if (coroutine_)
      detail::frame::discard(coroutine_.promise());
  }
  /// Exchanges two tasks that have not been awaited.
  void swap(task& other) noexcept { std::swap(coroutine_, other.coroutine_); }

  /// Starts the task: `co_await work(self)`, or `co_await std::move(work)`.
  detail::task_awaiter<T> operator co_await() && noexcept { return detail::task_awaiter<T>{release()}; }

private:
  friend promise_type;
  friend detail::fiber_group;
  friend detail::coroutine_context;
  [[nodiscard]] std::coroutine_handle<promise_type> release() noexcept { return std::exchange(coroutine_, {}); }
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

namespace detail {

template <class T>
task<T> task_promise<T>::get_return_object() noexcept {
  const auto self = std::coroutine_handle<task_promise>::from_promise(*this);
  is_at(self);
  return task<T>{self};
}

inline task<void> task_promise<void>::get_return_object() noexcept {
  const auto self = std::coroutine_handle<task_promise>::from_promise(*this);
  is_at(self);
  return task<void>{self};
}

} // namespace detail
} // namespace registry::inline v0_2
