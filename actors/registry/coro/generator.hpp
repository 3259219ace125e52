#pragma once

#include <registry/coro/detail/transfer.hpp>

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace registry::inline v0_2 {

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
/// It runs only while a consumer, of which there is one, waits for the next value. The destructor destroys the coroutine
/// where it waits. Only on the thread of its actor.
template <class T>
class [[nodiscard]] generator {
public:
  class promise_type;
  class next_operation;
  using handle = std::coroutine_handle<promise_type>; ///< for the promise alone

  ///@{
  /// Moves the coroutine; not while a consumer waits.
  generator(generator&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  generator& operator=(generator&& other) noexcept {
    generator(std::move(other)).swap(*this);
    return *this;
  }
  ///@}
  ~generator() {
    if (coroutine_)
      coroutine_.destroy();
  }
  /// Exchanges two coroutines.
  void swap(generator& other) noexcept { std::swap(coroutine_, other.coroutine_); }

  /// `co_await stream.next()` gives the next value, or nothing at the end. An exception that escapes the coroutine is thrown
  /// here, and ends it. A wait that is cancelled loses no value. The generator must outlive the operation.
  [[nodiscard]] next_operation next() noexcept { return next_operation{coroutine_}; }

  /// The promise protocol of the language.
  class promise_type {
  public:
    ///@{
    /// Called by the compiler's code alone. The coroutine starts suspended, and is suspended by each `co_yield`.
    generator get_return_object() noexcept { return generator{handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    ///@}
    /// Hands control to the consumer, if one waits; a consumer that has just started the coroutine gets it by return.
    struct pause {
      ///@{
      /// The awaiter protocol of the language.
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(handle me) const noexcept {
        auto& promise = me.promise();
        promise.running_ = false;
        auto consumer = std::exchange(promise.consumer_, {});
        return consumer ? detail::transfer::to(consumer) : std::noop_coroutine();
      }
      void await_resume() const noexcept {}
      ///@}
    };
    ///@{
    /// Called by the compiler's code alone.
    pause final_suspend() const noexcept { return {}; }
    pause yield_value(T x) {
      value_.emplace(std::move(x));
      return {};
    }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { failure_ = std::current_exception(); }
    ///@}

  private:
    friend next_operation;
    std::optional<T> value_;
    std::exception_ptr failure_;
    std::coroutine_handle<> consumer_;
    bool running_ = false; // it waits for something else than a consumer
  };

  /// The awaitable of `next`.
  class [[nodiscard]] next_operation {
  public:
    /// Before it is awaited.
    next_operation(next_operation&& other) noexcept
        : coroutine_(other.coroutine_), waiting_(std::exchange(other.waiting_, false)) {}
    next_operation& operator=(next_operation&&) = delete;
    ~next_operation() {
      if (waiting_)
        coroutine_.promise().consumer_ = {};
    }

    ///@{
    /// The awaiter protocol of the language.
    bool await_ready() const noexcept { return ready(); }
    bool await_suspend(std::coroutine_handle<> who) {
      auto& promise = coroutine_.promise();
      if (!std::exchange(promise.running_, true)) { // else an earlier wait was cancelled
        detail::transfer::start(coroutine_);
        if (ready())
          return false;
      }
      promise.consumer_ = who;
      waiting_ = true;
      return true;
    }
    std::optional<T> await_resume() {
      waiting_ = false;
      auto& promise = coroutine_.promise();
      if (promise.failure_)
        std::rethrow_exception(std::exchange(promise.failure_, {}));
      return std::exchange(promise.value_, std::nullopt);
    }
    ///@}

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

} // namespace registry::inline v0_2
