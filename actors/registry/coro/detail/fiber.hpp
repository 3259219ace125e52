#pragma once

#include <registry/coro/detail/frame.hpp>
#include <registry/coro/detail/run_loop.hpp>
#include <registry/coro/task.hpp>

#include <boost/intrusive/list.hpp>

#include <coroutine>
#include <exception>

namespace registry::inline v0_2::detail {

class fiber_group;
struct group_tag;

/// One of the tasks that run concurrently: it is resumed by the run loop alone and awaited by nobody; its group owns it and learns
/// of its end. It lives as long as the task's coroutine.
class fiber final : public waiter,
                    public boost::intrusive::list_base_hook<boost::intrusive::tag<group_tag>, intrusive_unlink>,
                    private task_end {
public:
  /// Makes one of a task that has not begun.
  static fiber& make(fiber_group& owner, std::coroutine_handle<task_promise<void>> body);
  [[nodiscard]] task_promise<void>& body() const noexcept { return body_.promise(); }

private:
  fiber(fiber_group& owner, std::coroutine_handle<task_promise<void>> body) noexcept : owner_(owner), body_(body) {
    suspended(body);
    body.promise().ends_at(*this);
  }
  ~fiber() = default;
  void completed() noexcept override;
  void destroyed() noexcept override { delete this; }

  fiber_group& owner_;
  std::coroutine_handle<task_promise<void>> body_;
};

/// A coroutine that waits for a group, if it is a frame and the group its own. Part of an awaiter.
class joining_frame {
public:
  void begin(frame* who, fiber_group& group) noexcept {
    who_ = who;
    if (who_ != nullptr)
      who_->joins(group);
  }
  void end() noexcept {
    if (who_ != nullptr)
      who_->joined();
  }

private:
  frame* who_ = nullptr;
};

/// When the fibers of a group are no longer wanted, apart from the first exception that escapes one.
enum class group_end { with_last, with_first };

/// Owns fibers. A fiber that has ended is freed at once. Only the actor's thread; destroyed by no fiber of its own.
class fiber_group {
public:
  explicit fiber_group(run_loop& loop, group_end end = group_end::with_last) noexcept : loop_(loop), end_(end) {}
  fiber_group(const fiber_group&) = delete;
  fiber_group& operator=(const fiber_group&) = delete;
  /// Destroys the fibers that are left.
  virtual ~fiber_group() { destroy_all(); }

  /// Starts a task as soon as the running coroutine waits. In a group that has come to its end the task is destroyed instead.
  void start(task<void> body);
  /// Destroys all fibers as soon as the running coroutine waits, which may itself be one of them.
  void cancel();
  /// Destroys all fibers at once; none of them may be running.
  void destroy_all() noexcept;
  [[nodiscard]] bool empty() const noexcept { return fibers_.empty(); }
  /// The fiber that has been in it for the longest time, or null.
  [[nodiscard]] frame* first() noexcept { return fibers_.empty() ? nullptr : &fibers_.front().body(); }

  /// Waits until no fiber is left; throws the exception that ended the group, if there was one.
  class join_awaiter {
  public:
    explicit join_awaiter(fiber_group& whom) noexcept : group_(&whom) {}
    bool await_ready() const noexcept { return group_->empty(); }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> who) noexcept {
      waiter_.suspended(who);
      group_->add_joiner(waiter_);
      joining_.begin(frame_of(who), *group_);
    }
    void await_resume() {
      joining_.end();
      group_->rethrow();
    }

  private:
    fiber_group* group_;
    waiter waiter_;
    joining_frame joining_;
  };
  join_awaiter join() noexcept { return join_awaiter{*this}; }

  /// For other ways to join.
  void add_joiner(waiter& who) noexcept { joiners_.push_back(who); }
  void rethrow() const {
    if (failure_)
      std::rethrow_exception(failure_);
  }

protected:
  /// The last fiber has ended, and was not destroyed.
  virtual void ended(std::exception_ptr) noexcept {}

private:
  friend fiber;
  using fibers = boost::intrusive::list<
      fiber,
      boost::intrusive::base_hook<boost::intrusive::list_base_hook<boost::intrusive::tag<group_tag>, intrusive_unlink>>,
      boost::intrusive::constant_time_size<false>>;

  void add(fibers& where, task<void> body, bool first);
  void finished(const fiber& who) noexcept;
  static void destroy(fibers& whom) noexcept;
  task<void> cancelling();

  run_loop& loop_;
  group_end end_;
  bool ended_ = false;
  std::exception_ptr failure_;
  waiting_list joiners_;
  fibers fibers_;
  fibers cancelling_;
};

} // namespace registry::inline v0_2::detail
