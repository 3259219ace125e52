#pragma once

#include <registry/compat/version.hpp>
#include <registry/member/member.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/message.hpp>
#include <caf/response_promise.hpp>

#include <chrono>
#include <cstdint>

#if !REGISTRY_CAF_0_17
#include <caf/disposable.hpp>
#endif

namespace registry::inline v0_2::internal {

/// An actor that receives unmodified everything its behavior does not handle: messages, including `down_msg` and errors
/// without a request, and responses. Exit messages keep their meaning.
class raw_actor : public caf::event_based_actor {
public:
  explicit raw_actor(caf::actor_config& config);

protected:
  /// A message that the behavior does not handle. `reply` is valid if the message has a sender.
  virtual void received(caf::message content, member sender, caf::response_promise reply) = 0;
  /// The response to a request: values or one `caf::error`.
  virtual void answered(std::uint64_t request, caf::message content) = 0;

  /// A time set with `wake_at` has come, or one that was replaced too late.
  virtual void woken() = 0;

  /// Calls `woken` at this time or later; replaces the time set before, since an actor has one such time. It keeps the actor
  /// alive until then. Costs a message to CAF's clock.
  void wake_at(std::chrono::steady_clock::time_point when);
  /// Cancels the time.
  void cancel_wake_up();

  /// Sends a request and returns its number. On CAF 1.x the timeout only limits how long CAF waits for a response; 0.17 does
  /// not check it at all.
  std::uint64_t ask(const member& to, std::chrono::milliseconds timeout, caf::message content);

#if REGISTRY_CAF_0_17
  using caf::event_based_actor::consume;
  caf::invoke_message_result consume(caf::mailbox_element& x) override;
#endif

private:
  void take(caf::message content);

#if REGISTRY_CAF_0_17
  bool may_wake_up_ = false; ///< CAF's clock has been given a time
#else
  caf::disposable wake_up_;
#endif
};

/// Suppresses the reply to a message that is not a request.
void answer_nothing(caf::response_promise& promise);

/// Whether an error says that the requested actor ended, dropped the request, or was cut off, without a response.
bool is_unanswered(const caf::error& e);

} // namespace registry::inline v0_2::internal
