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

/// The outermost coroutine of tasks that run concurrently: it is resumed by the run loop alone and awaited by nobody; its group
/// owns it and learns of its end.
class fiber {
public:
  class promise_type : public waiter,
                       public frame,
                       public boost::intrusive::list_base_hook<boost::intrusive::tag<group_tag>, intrusive_unlink> {
  public:
    fiber get_return_object() noexcept {
      is_at(std::coroutine_handle<promise_type>::from_promise(*this));
      return fiber{*this};
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    struct final_awaiter {
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<promise_type> finished) const noexcept;
      void await_resume() const noexcept {}
    };
    final_awaiter final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { failure_ = std::current_exception(); }

  private:
    friend fiber_group;
    fiber_group* owner_ = nullptr;
    std::exception_ptr failure_;
  };

  [[nodiscard]] promise_type& promise() const noexcept { return *promise_; }

private:
  explicit fiber(promise_type& promise) noexcept : promise_(&promise) {}
  promise_type* promise_;
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
  [[nodiscard]] frame* first() noexcept { return fibers_.empty() ? nullptr : &fibers_.front(); }

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
  friend fiber::promise_type;
  using fibers = boost::intrusive::list<
      fiber::promise_type,
      boost::intrusive::base_hook<boost::intrusive::list_base_hook<boost::intrusive::tag<group_tag>, intrusive_unlink>>,
      boost::intrusive::constant_time_size<false>>;

  void add(fibers& where, task<void> body, bool first);
  void finished(fiber::promise_type& who) noexcept;
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
