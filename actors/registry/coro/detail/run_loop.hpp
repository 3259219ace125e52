#pragma once

#include <registry/coro/detail/transfer.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <chrono>
#include <coroutine>
#include <optional>

namespace registry::inline v0_2::detail {

using intrusive_unlink = boost::intrusive::link_mode<boost::intrusive::auto_unlink>;
struct deadline_tag;

/// A suspended coroutine and the list it waits in. Part of an awaiter: when the coroutine is destroyed, it leaves the list. One
/// that is in no list may be moved.
class waiter : public boost::intrusive::list_base_hook<intrusive_unlink> {
public:
  void suspended(std::coroutine_handle<> who) noexcept { who_ = who; }
  void resume() const { transfer::run(who_); }

private:
  std::coroutine_handle<> who_;
};

using waiting_list = boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>>;

using time_point = std::chrono::steady_clock::time_point;

/// A waiter whose patience ends.
class timed_waiter : public waiter,
                     public boost::intrusive::set_base_hook<boost::intrusive::tag<deadline_tag>, intrusive_unlink> {
public:
  timed_waiter() = default;
  timed_waiter(timed_waiter&&) = default;
  virtual ~timed_waiter() = default;

  void expires(time_point when) noexcept { deadline_ = when; }
  [[nodiscard]] time_point deadline() const noexcept { return deadline_; }
  void stop_timer() noexcept {
    using hook = boost::intrusive::set_base_hook<boost::intrusive::tag<deadline_tag>, intrusive_unlink>;
    hook::unlink();
  }
  /// The deadline has passed; it will be resumed.
  virtual void expired() noexcept {}

private:
  time_point deadline_;
};

/// Those that wait for a time.
class timer_queue {
public:
  /// Starts the time of a waiter. O(log n); leaving costs the same.
  void add(timed_waiter& who) noexcept { timers_.insert(who); }
  /// Takes out one whose time has come, or null.
  [[nodiscard]] timed_waiter* take_due(time_point now) noexcept;
  [[nodiscard]] std::optional<time_point> next_deadline() const noexcept;

private:
  struct by_deadline {
    using type = time_point;
    type operator()(const timed_waiter& x) const noexcept { return x.deadline(); }
  };
  boost::intrusive::multiset<
      timed_waiter,
      boost::intrusive::base_hook<boost::intrusive::set_base_hook<boost::intrusive::tag<deadline_tag>, intrusive_unlink>>,
      boost::intrusive::key_of_value<by_deadline>, boost::intrusive::constant_time_size<false>>
      timers_;
};

/// The coroutines of one actor that are ready to run, in order. Only the actor's thread.
///
/// Whoever makes a coroutine ready does not resume it, `run` does: so at any time one chain of coroutines that await each
/// other is on the stack, and every other may be destroyed.
class run_loop {
public:
  run_loop() = default;
  run_loop(const run_loop&) = delete;
  run_loop& operator=(const run_loop&) = delete;

  /// Moves a waiter from the list it is in, if any, to the end of the ready ones.
  void schedule(waiter& who) noexcept;
  /// The same, but it is the next.
  void schedule_first(waiter& who) noexcept;
  /// Resumes until nobody is ready or `stop` was called. Not reentrant.
  void run();
  void stop() noexcept { stopped_ = true; }
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

private:
  waiting_list ready_;
  bool stopped_ = false;
};

} // namespace registry::inline v0_2::detail
