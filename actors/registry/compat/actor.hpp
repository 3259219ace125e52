#pragma once

#include <registry/compat/version.hpp>
#include <registry/member/member.hpp>
#include <registry/time/deadline.hpp>

#include <caf/actor_cast.hpp>
#include <caf/fwd.hpp>
#include <caf/message.hpp>
#include <caf/response_handle.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#if REGISTRY_CAF_0_17
#include <caf/duration.hpp>
#include <caf/make_message.hpp>
#else
#include <caf/actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/timespan.hpp>
#endif

namespace registry::inline v0_2::compat {

/// Sends a message without a type check. Any thread, never blocks. A null handle drops it. Applications use `tell`.
void deliver(const member& to, caf::message content, const member& sender = nullptr);

/// Sends a message without a sender after a delay, `saturated`. Any thread. It keeps the actor in memory until then.
void deliver_later(const member& to, std::chrono::microseconds delay, caf::message content);

/// Sends a message from an actor, on its thread: `send` of 0.17, `mail(…).send` of 1.x.
template <class Self, class Handle, class... Ts>
void send(Self* self, const Handle& to, Ts&&... content) {
#if REGISTRY_CAF_0_17
  self->send(to, std::forward<Ts>(content)...);
#else
  self->mail(std::forward<Ts>(content)...).send(to);
#endif
}

/// Sends a message from an actor to itself after a delay, `saturated`; on its thread. By the clock of the actor system: a delayed
/// `mail` of 1.x takes the time from another one.
template <class Self, class... Ts>
void send_self_later(Self* self, std::chrono::milliseconds delay, Ts&&... content) {
  deliver_later(caf::actor_cast<member>(self), delay, caf::make_message(std::forward<Ts>(content)...));
}

/// Sends a request; `self` is a pointer to an actor or a `caf::scoped_actor`, and the timeout is `saturated`. Continue with
/// `.then(on_result, on_error)` (event-based actors) or `.receive(…)` (blocking ones).
template <class Self, class Handle, class... Ts>
auto request(const Self& self, const Handle& to, std::chrono::milliseconds timeout, Ts&&... content) {
#if REGISTRY_CAF_0_17
  return self->request(to, saturated(timeout), std::forward<Ts>(content)...);
#else
  return self->mail(std::forward<Ts>(content)...).request(to, saturated(timeout));
#endif
}

/// Whether the actor runs in this actor system; false for null. Any thread, wait-free.
bool is_local(const caf::actor_system& system, const member& who) noexcept;

/// Lets `observer` get a `down_msg` when `whom` terminates, at once if it already has. Any thread.
void monitor(const member& whom, const member& observer);

/// Ends one `monitor` of this observer; nothing stays behind in the monitored actor. Any thread.
void demonitor(const member& whom, const member& observer);

/// Calls a function once, when an actor has terminated, on the thread that it terminated on; at once if it already has. Any
/// thread.
void on_end(const member& whom, std::function<void()> then);

/// An error of CAF as one line of text.
std::string render(const caf::actor_system& system, const caf::error& what);

/// Installs a handler for messages that no other handler takes, also those of unknown types. The messages are dropped, and
/// requests get the error `unexpected_message`.
template <class Self, class Handler>
void on_unexpected(Self* self, Handler handler) {
#if REGISTRY_CAF_0_17
  self->set_default_handler([handler](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
    handler();
    return caf::make_error(caf::sec::unexpected_message);
  });
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  self->set_default_handler([handler](caf::scheduled_actor*, caf::message&) -> caf::skippable_result {
    handler();
    return caf::make_error(caf::sec::unexpected_message);
  });
#pragma GCC diagnostic pop
#endif
}

/// Installs a handler for `down_msg`, in an actor that is the observer of a `monitor`.
template <class Self, class Handler>
void on_down(Self* self, Handler handler) {
#if !REGISTRY_CAF_0_17
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif
  self->set_down_handler(std::move(handler));
#if !REGISTRY_CAF_0_17
#pragma GCC diagnostic pop
#endif
}

} // namespace registry::inline v0_2::compat
