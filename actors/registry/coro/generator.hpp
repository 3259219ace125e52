#pragma once

#include <registry/coro/detail/transfer.hpp>

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace registry {

/// A stream of values that a coroutine computes one by one, with `co_yield`, and that may wait in between:
///
///     generator<int> ticks(coroutine_self self) {
///       for (int i = 0;; ++i) {
///         co_await self.sleep_for(1s);
///         co_yield i;
///       }
///     }
///     while (auto i = co_await stream.next()) …
///
/// It runs only while somebody waits for the next value. Destroying it destroys the coroutine where it waits. One consumer.
template <class T>
class [[nodiscard]] generator {
public:
  class promise_type;
  class next_operation;
  using handle = std::coroutine_handle<promise_type>;

  generator(generator&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  generator& operator=(generator&& other) noexcept {
    generator(std::move(other)).swap(*this);
    return *this;
  }
  ~generator() {
    if (coroutine_)
      coroutine_.destroy();
  }
  void swap(generator& other) noexcept { std::swap(coroutine_, other.coroutine_); }

  /// The next value, or nothing at the end. An exception that escapes the coroutine is thrown here, and ends it. A wait that is
  /// cancelled loses no value. The generator outlives the operation.
  [[nodiscard]] next_operation next() noexcept { return next_operation{coroutine_}; }

  class promise_type {
  public:
    generator get_return_object() noexcept { return generator{handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    /// Hands the control to the consumer, if one waits; one that started the coroutine just now gets it by return.
    struct pause {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(handle me) const noexcept {
        auto& promise = me.promise();
        promise.running_ = false;
        auto consumer = std::exchange(promise.consumer_, {});
        return promise.starting_ || !consumer ? std::noop_coroutine() : detail::transfer::to(consumer);
      }
      void await_resume() const noexcept {}
    };
    pause final_suspend() const noexcept { return {}; }
    pause yield_value(T x) {
      value_.emplace(std::move(x));
      return {};
    }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { failure_ = std::current_exception(); }

  private:
    friend next_operation;
    std::optional<T> value_;
    std::exception_ptr failure_;
    std::coroutine_handle<> consumer_;
    bool running_ = false; ///< it waits for something else than a consumer
    bool starting_ = false;
  };

  class [[nodiscard]] next_operation {
  public:
    next_operation(next_operation&& other) noexcept
        : coroutine_(other.coroutine_), waiting_(std::exchange(other.waiting_, false)) {}
    next_operation& operator=(next_operation&&) = delete;
    ~next_operation() {
      if (waiting_)
        coroutine_.promise().consumer_ = {};
    }

    bool await_ready() const noexcept { return ready(); }
    bool await_suspend(std::coroutine_handle<> who) {
      auto& promise = coroutine_.promise();
      promise.consumer_ = who;
      waiting_ = true;
      if (promise.running_) // an earlier wait was cancelled
        return true;
      promise.running_ = true;
      detail::transfer::start(coroutine_, promise.starting_);
      return !ready();
    }
    std::optional<T> await_resume() {
      waiting_ = false;
      auto& promise = coroutine_.promise();
      if (promise.failure_)
        std::rethrow_exception(std::exchange(promise.failure_, {}));
      return std::exchange(promise.value_, std::nullopt);
    }

  private:
    friend generator;
    explicit next_operation(handle coroutine) noexcept : coroutine_(coroutine) {}
    [[nodiscard]] bool ready() const noexcept { return coroutine_.done() || coroutine_.promise().value_.has_value(); }

    handle coroutine_;
    bool waiting_ = false;
  };

private:
  explicit generator(handle coroutine) noexcept : coroutine_(coroutine) {}

  handle coroutine_;
};

} // namespace registry
