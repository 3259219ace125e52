#pragma once

#include <registry/coro/detail/run_loop.hpp>
#include <registry/coro/self.hpp>

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace registry {

/// A queue between coroutines of one actor that holds so many values at most: who pushes into a full one waits. First come,
/// first served, on both ends. A handle; copies are the same channel.
template <class T>
class channel {
  struct queue;

public:
  class push_operation;
  class next_operation;

  /// `capacity` is at least 1.
  channel(coroutine_self self, std::size_t capacity) : queue_(std::make_shared<queue>(self.context().loop(), capacity)) {
    assert(capacity > 0);
  }

  // push and next are not inlined: in a coroutine, GCC below 14 may read what queue_ consists of where it is not there yet, unless
  // -fno-tree-slp-vectorize is given (bug 111387).

  /// `co_await jobs.push(x)` waits for a place and gives whether `x` was taken: not if the channel is closed by then.
  [[nodiscard, gnu::noinline]] push_operation push(T x) { return push_operation{queue_, std::move(x)}; }
  /// Whether it was taken at once.
  bool try_push(T x) { return queue_->offer(x); }
  /// `co_await jobs.next()` waits for a value; nothing when the channel is closed and empty. A coroutine that is destroyed
  /// before it was resumed loses none.
  [[nodiscard, gnu::noinline]] next_operation next() { return next_operation{queue_}; }
  /// Nothing more can be pushed; what is in it can still be taken. Idempotent.
  void close() { queue_->close(); }

  [[nodiscard]] std::size_t size() const noexcept { return queue_->items.size(); }
  [[nodiscard]] bool closed() const noexcept { return queue_->closed; }

  class [[nodiscard]] push_operation : private detail::waiter {
  public:
    bool await_ready() {
      if (!queue_->closed && queue_->offer(*item_))
        item_.reset();
      return queue_->closed || !item_;
    }
    void await_suspend(std::coroutine_handle<> who) noexcept {
      this->suspended(who);
      queue_->pushing.push_back(*this);
    }
    bool await_resume() const noexcept { return !item_; }

  private:
    friend channel;
    push_operation(std::shared_ptr<queue> where, T item) : queue_(std::move(where)), item_(std::move(item)) {}

    std::shared_ptr<queue> queue_;
    std::optional<T> item_;
  };

  class [[nodiscard]] next_operation : private detail::waiter {
  public:
    next_operation(next_operation&&) noexcept = default;
    ~next_operation() {
      if (item_)
        queue_->give_back(*std::move(item_));
    }
    bool await_ready() {
      item_ = queue_->take();
      return item_ || queue_->closed;
    }
    void await_suspend(std::coroutine_handle<> who) noexcept {
      this->suspended(who);
      queue_->taking.push_back(*this);
    }
    std::optional<T> await_resume() { return std::exchange(item_, std::nullopt); }

  private:
    friend channel;
    explicit next_operation(std::shared_ptr<queue> where) : queue_(std::move(where)) {}

    std::shared_ptr<queue> queue_;
    std::optional<T> item_;
  };

private:
  /// Nobody waits to take while there are items, nor to push while there is room.
  struct queue {
    queue(detail::run_loop& home, std::size_t most) : loop(home), capacity(most) {}

    bool hand_over(T& x) {
      if (taking.empty())
        return false;
      auto& who = static_cast<next_operation&>(taking.front());
      who.item_.emplace(std::move(x));
      loop.schedule(who);
      return true;
    }
    bool offer(T& x) {
      if (closed)
        return false;
      if (hand_over(x))
        return true;
      if (items.size() >= capacity)
        return false;
      items.push_back(std::move(x));
      return true;
    }
    std::optional<T> take() {
      if (items.empty())
        return std::nullopt;
      std::optional<T> out{std::move(items.front())};
      items.pop_front();
      if (!pushing.empty() && items.size() < capacity) {
        auto& who = static_cast<push_operation&>(pushing.front());
        items.push_back(*std::move(who.item_));
        who.item_.reset();
        loop.schedule(who);
      }
      return out;
    }
    void give_back(T x) {
      if (!hand_over(x))
        items.push_front(std::move(x));
    }
    void close() {
      closed = true;
      for (auto* const waiting : {&taking, &pushing}) {
        while (!waiting->empty())
          loop.schedule(waiting->front());
      }
    }

    detail::run_loop& loop;
    const std::size_t capacity;
    std::deque<T> items;
    detail::waiting_list taking;
    detail::waiting_list pushing;
    bool closed = false;
  };

  std::shared_ptr<queue> queue_;
};

} // namespace registry
