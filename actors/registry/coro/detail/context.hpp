#pragma once

#include <registry/coro/detail/fiber.hpp>
#include <registry/coro/detail/run_loop.hpp>
#include <registry/coro/responder.hpp>
#include <registry/member/member.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>

namespace registry::inline v0_2::detail {

struct request_tag;

/// A message that was received, with what must be known of it later.
struct envelope {
  caf::message content;
  member sender;
  responder reply;
};

/// Something that takes messages: a coroutine that waits for one, or a standing behaviour. It does so while it is in the context's
/// list; to become ready it leaves that one.
class receiver : public waiter {
public:
  receiver() = default;
  receiver(receiver&&) = default;
  virtual ~receiver() = default;
  [[nodiscard]] virtual bool accepts(const caf::message& content) const noexcept = 0;
  /// Returns whether it takes further messages.
  virtual bool take(envelope received) = 0;
};

/// A coroutine that waits for the response to a request.
class response_waiter : public timed_waiter,
                        public boost::intrusive::set_base_hook<boost::intrusive::tag<request_tag>, intrusive_unlink> {
public:
  ~response_waiter() override = default;
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  void expired() noexcept override { forget(); }

protected:
  response_waiter() = default;
  response_waiter(response_waiter&&) = default;
  /// Values, or one `caf::error`; nothing if the time ran out.
  std::optional<caf::message> response_;

private:
  friend class coroutine_context;
  void forget() noexcept {
    using hook = boost::intrusive::set_base_hook<boost::intrusive::tag<request_tag>, intrusive_unlink>;
    hook::unlink();
  }

  std::uint64_t number_ = 0;
};

/// What a coroutine actor is besides an actor: its coroutines and what they wait for. Only the actor's thread. The actor derives from
/// it, and calls `shut_down` before it is destroyed.
///
/// 1. Coroutines are resumed by `loop_` alone, at the end of each entry from the actor.
/// 2. A message goes to the coroutine that has waited longest among those that accept it, else to the newest standing behaviour
///    that accepts it, else it is kept. So no coroutine waits while a message that it accepts is kept.
/// 3. While somebody waits for a time, the actor's one wake-up is set to that time at the latest: `armed` is when it comes. It is
///    not moved when a wait ends early, so it may come in vain.
///
/// Most actors of a crowd only wait for a message. What that does not take is made when it is first needed: `rest_`.
class coroutine_context : private task_end {
public:
  coroutine_context(const coroutine_context&) = delete;
  coroutine_context& operator=(const coroutine_context&) = delete;

  // -- What the actor calls

  void start(task<void> main);
  void received(envelope what);
  void answered(std::uint64_t request, caf::message content);
  void woken();
  /// Destroys all coroutines and refuses what was kept. Idempotent.
  void shut_down() noexcept;

  // -- What coroutines call

  [[nodiscard]] virtual member handle() = 0;
  [[nodiscard]] virtual caf::actor_system& system() = 0;
  [[nodiscard]] virtual time_point now() = 0;
  [[nodiscard]] run_loop& loop() noexcept { return loop_; }
  [[nodiscard]] bool ending() const noexcept { return ending_; }

  /// Lets a waiter wait for so long at most.
  void expire_after(timed_waiter& who, std::chrono::milliseconds delay);
  /// Sends a request whose response or timeout resumes the waiter.
  void request(response_waiter& who, const member& to, std::chrono::milliseconds timeout, caf::message content);
  /// Lets the waiter wait for another thread: whoever tells the actor `coroutine_resume` with the number that this returns
  /// resumes it, with an empty response.
  std::uint64_t wait_for_outside(response_waiter& who, std::chrono::milliseconds timeout);
  /// Resumes the waiter when all messages that are in the actor's mailbox have been received.
  void catch_up(response_waiter& who);
  /// Takes the oldest kept message that the receiver accepts.
  std::optional<envelope> take_kept(const receiver& who);
  void add_waiting(receiver& who) noexcept { waiting_.push_back(who); }
  /// Adds a standing behaviour and gives it what was kept for it.
  void add_standing(receiver& who);
  /// Finds another receiver for a message that was taken for a coroutine that does not need it any more.
  void give_back(envelope what);
  /// How many messages nobody has asked for are kept. A further request is refused, a further message dropped.
  void limit_kept(std::size_t most) { rest().most_kept = most; }

protected:
  coroutine_context() = default;
  ~coroutine_context() = default;
  virtual std::uint64_t ask(const member& to, std::chrono::milliseconds timeout, caf::message content) = 0;
  /// Lets `woken` be called at this time or later, instead of the time that was set before.
  virtual void wake_at(time_point when) = 0;
  /// The main coroutine has ended, with an exception or without.
  virtual void main_ended(std::exception_ptr failure) = 0;

private:
  struct by_number {
    using type = std::uint64_t;
    type operator()(const response_waiter& x) const noexcept { return x.number(); }
  };
  using requests = boost::intrusive::set<
      response_waiter,
      boost::intrusive::base_hook<boost::intrusive::set_base_hook<boost::intrusive::tag<request_tag>, intrusive_unlink>>,
      boost::intrusive::key_of_value<by_number>, boost::intrusive::constant_time_size<false>>;

  struct seldom_needed {
    requests pending;
    timer_queue timers;
    waiting_list standing; ///< receivers
    std::list<envelope> kept;
    std::size_t most_kept = 65'536;
    std::optional<time_point> armed;
    std::uint64_t last_outside = 0;
    bool warned = false; ///< that messages are dropped
  };

  void completed() noexcept override;
  void destroyed() noexcept override { main_ = {}; }
  [[nodiscard]] seldom_needed& rest();
  [[nodiscard]] receiver* find_receiver(const caf::message& content) noexcept;
  void keep(envelope what);
  /// Drops what is kept of subscriptions that have ended since.
  void forget_ended_subscriptions();
  /// Gives the waiter a number that no request has.
  void enlist(response_waiter& who);
  void run();
  void arm();

  [[no_unique_address]] run_loop loop_;
  bool ending_ = false;
  std::coroutine_handle<task_promise<void>> main_;
  waiting_list waiting_; ///< receivers
  std::unique_ptr<seldom_needed> rest_;
};

/// Waits until no fiber of a group is left, for so long at most; throws like `fiber_group::join`.
class timed_join : private timed_waiter {
public:
  timed_join(fiber_group& whom, coroutine_context& home, std::chrono::milliseconds limit) noexcept
      : group_(whom), home_(home), limit_(limit) {}
  bool await_ready() const noexcept { return group_.empty(); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> who) {
    suspended(who);
    group_.add_joiner(*this);
    home_.expire_after(*this, limit_);
    joining_.begin(frame_of(who), group_);
  }
  void await_resume() {
    joining_.end();
    group_.rethrow();
  }

private:
  fiber_group& group_;
  coroutine_context& home_;
  std::chrono::milliseconds limit_;
  joining_frame joining_;
};

} // namespace registry::inline v0_2::detail
