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
#include <optional>

namespace registry::inline v0_2::detail {

struct receiver_tag;
struct request_tag;

/// A message that was received, with what must be known of it later.
struct envelope {
  caf::message content;
  member sender;
  responder reply;
};

/// Something that takes messages: a coroutine that waits for one, or a standing behaviour.
class receiver : public boost::intrusive::list_base_hook<boost::intrusive::tag<receiver_tag>, intrusive_unlink> {
public:
  receiver() = default;
  receiver(receiver&&) = default;
  virtual ~receiver() = default;
  [[nodiscard]] virtual bool accepts(const caf::message& content) const noexcept = 0;
  virtual void take(envelope received) = 0;
  /// Takes no more messages.
  void leave() noexcept { hook::unlink(); }
  /// Whether it takes messages.
  [[nodiscard]] bool listens() const noexcept { return hook::is_linked(); }

private:
  using hook = boost::intrusive::list_base_hook<boost::intrusive::tag<receiver_tag>, intrusive_unlink>;
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

/// What a coroutine actor is besides an actor: its coroutines and what they wait for. Only the actor's thread.
///
/// 1. Coroutines are resumed by `loop_` alone, at the end of each entry from the actor.
/// 2. A message goes to the coroutine that has waited longest among those that accept it, else to the newest standing behaviour
///    that accepts it, else it is kept. So no coroutine waits while a message that it accepts is kept.
/// 3. While somebody waits for a time, the actor's one wake-up is set to that time at the latest: `armed_` is when it comes. It is
///    not moved when a wait ends early, so it may come in vain.
class coroutine_context {
public:
  /// The actor, as its coroutines see it.
  class host {
  public:
    [[nodiscard]] virtual member handle() = 0;
    [[nodiscard]] virtual caf::actor_system& system() = 0;
    [[nodiscard]] virtual time_point now() = 0;
    virtual std::uint64_t ask(const member& to, std::chrono::milliseconds timeout, caf::message content) = 0;
    /// Lets `woken` be called at this time or later, instead of the time that was set before.
    virtual void wake_at(time_point when) = 0;
    /// The main coroutine has ended, with an exception or without.
    virtual void main_ended(std::exception_ptr failure) = 0;

  protected:
    ~host() = default;
  };

  explicit coroutine_context(host& actor) noexcept : actor_(actor), roots_(*this) {}
  ~coroutine_context() { shut_down(); }
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

  [[nodiscard]] host& actor() const noexcept { return actor_; }
  [[nodiscard]] run_loop& loop() noexcept { return loop_; }
  [[nodiscard]] bool ending() const noexcept { return ending_; }

  /// Lets a waiter wait for so long at most.
  void expire_after(timed_waiter& who, std::chrono::milliseconds delay);
  /// Sends a request whose response or timeout resumes the waiter.
  void ask(response_waiter& who, const member& to, std::chrono::milliseconds timeout, caf::message content);
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
  void limit_kept(std::size_t most) noexcept { most_kept_ = most; }

private:
  class root_group final : public fiber_group {
  public:
    explicit root_group(coroutine_context& home) noexcept : fiber_group(home.loop_), home_(home) {}

  private:
    void ended(std::exception_ptr failure) noexcept override { home_.actor_.main_ended(failure); }
    coroutine_context& home_;
  };
  using receivers = boost::intrusive::list<
      receiver,
      boost::intrusive::base_hook<boost::intrusive::list_base_hook<boost::intrusive::tag<receiver_tag>, intrusive_unlink>>,
      boost::intrusive::constant_time_size<false>>;
  struct by_number {
    using type = std::uint64_t;
    type operator()(const response_waiter& x) const noexcept { return x.number(); }
  };
  using requests = boost::intrusive::set<
      response_waiter,
      boost::intrusive::base_hook<boost::intrusive::set_base_hook<boost::intrusive::tag<request_tag>, intrusive_unlink>>,
      boost::intrusive::key_of_value<by_number>, boost::intrusive::constant_time_size<false>>;

  [[nodiscard]] receiver* find_receiver(const caf::message& content) noexcept;
  void keep(envelope what);
  /// Drops what is kept of subscriptions that have ended since.
  void forget_ended_subscriptions();
  /// Gives the waiter a number that no request has.
  void enlist(response_waiter& who);
  void run();
  void arm();

  host& actor_;
  run_loop loop_;
  receivers waiting_;
  receivers standing_;
  requests requests_;
  std::list<envelope> kept_;
  std::size_t most_kept_ = 65'536;
  bool warned_ = false; ///< that messages are dropped
  std::optional<time_point> armed_;
  std::uint64_t last_outside_ = 0;
  bool ending_ = false;
  root_group roots_;
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
