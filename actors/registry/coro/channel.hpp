#pragma once

#include <registry/coro/detail/run_loop.hpp>
#include <registry/coro/self.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace registry::inline v0_2 {

/// A bounded queue between coroutines of one actor: a push into a full one waits. First come, first served, on both ends. A
/// handle; copies are the same channel. Only on the thread of the actor. Every operation is O(1).
template <class T>
class channel {
  struct queue;
  using queue_pointer = boost::intrusive_ptr<queue>; // of one thread

public:
  class push_operation;
  class next_operation;

  /// An empty channel of at most `capacity` values, which is at least 1.
  channel(coroutine_self self, std::size_t capacity) : queue_(new queue(self.context().loop(), capacity)) {
    assert(capacity > 0);
  }

  // push and next are not inlined: in a coroutine, GCC below 14 may read the parts of queue_ where it does not exist yet, unless
  // -fno-tree-slp-vectorize is given (bug 111387).

  /// `co_await jobs.push(x)` waits for a place; false if the channel is closed before there is one.
  [[nodiscard, gnu::noinline]] push_operation push(T x) { return push_operation{queue_, std::move(x)}; }
  /// Pushes without waiting; false if the channel is full or closed.
  bool try_push(T x) { return queue_->offer(x); }
  /// `co_await jobs.next()` waits for a value; nothing when the channel is closed and empty. A coroutine that is destroyed
  /// before it was resumed loses no value.
  [[nodiscard, gnu::noinline]] next_operation next() { return next_operation{queue_}; }
  /// Ends the pushing, also for those who wait; the values in it can still be taken. Idempotent.
  void close() { queue_->close(); }

  /// The number of values that can be taken without waiting.
  [[nodiscard]] std::size_t size() const noexcept { return queue_->items.size(); }
  /// Whether `close` was called.
  [[nodiscard]] bool closed() const noexcept { return queue_->closed; }

  /// The awaitable of `push`.
  class [[nodiscard]] push_operation : private detail::waiter {
  public:
    ///@{
    /// The awaiter protocol of the language.
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
    ///@}

  private:
    friend channel;
    push_operation(queue_pointer where, T item) : queue_(std::move(where)), item_(std::move(item)) {}

    queue_pointer queue_;
    std::optional<T> item_;
  };

  /// The awaitable of `next`.
  class [[nodiscard]] next_operation : private detail::waiter {
  public:
    /// Before it is awaited.
    next_operation(next_operation&&) noexcept = default;
    ~next_operation() {
      if (item_)
        queue_->give_back(*std::move(item_));
    }
    ///@{
    /// The awaiter protocol of the language.
    bool await_ready() {
      queue_->take(item_);
      return item_ || queue_->closed;
    }
    void await_suspend(std::coroutine_handle<> who) noexcept {
      this->suspended(who);
      queue_->taking.push_back(*this);
    }
    std::optional<T> await_resume() {
      std::optional<T> out;
      move_into(out, item_);
      return out;
    }
    ///@}

  private:
    friend channel;
    explicit next_operation(queue_pointer where) : queue_(std::move(where)) {}

    queue_pointer queue_;
    std::optional<T> item_;
  };

private:
  // Copied as a whole, a small optional would be read before its parts are written, and the processor would wait for that.
  static void move_into(std::optional<T>& to, std::optional<T>& from) {
    if (from) {
      to.emplace(std::move(*from));
      from.reset();
    }
  }

  /// Nobody waits to take while there are items, nor to push while there is room.
  struct queue : boost::intrusive_ref_counter<queue, boost::thread_unsafe_counter> {
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
    void take(std::optional<T>& out) {
      if (items.empty())
        return;
      out.emplace(std::move(items.front()));
      items.pop_front();
      if (!pushing.empty() && items.size() < capacity) {
        auto& who = static_cast<push_operation&>(pushing.front());
        items.push_back(*std::move(who.item_));
        who.item_.reset();
        loop.schedule(who);
      }
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

  queue_pointer queue_;
};

} // namespace registry::inline v0_2
