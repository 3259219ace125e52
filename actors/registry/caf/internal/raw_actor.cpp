#include <registry/caf/internal/raw_actor.hpp>
#include <registry/time/deadline.hpp>

#include <caf/actor_clock.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <utility>

#if REGISTRY_CAF_0_17
#include <caf/atom.hpp>
#include <caf/message_view.hpp>
#else
#include <caf/action.hpp>
#include <caf/result.hpp>
#endif

namespace registry::inline v0_2::internal {

#if !REGISTRY_CAF_0_17
// Handlers in place of these would have to be part of every behavior.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif

raw_actor::raw_actor(caf::actor_config& config) : caf::event_based_actor(config) {
#if REGISTRY_CAF_0_17
  set_default_handler([this](caf::scheduled_actor*, caf::message_view& content) -> caf::result<caf::message> {
    take(content.move_content_to_message());
    return caf::message{};
  });
#else
  set_default_handler([this](caf::scheduled_actor*, caf::message& content) -> caf::skippable_result {
    take(std::move(content));
    return caf::message{};
  });
#endif
  set_down_handler([this](caf::scheduled_actor*, caf::down_msg& down) { take(caf::make_message(std::move(down))); });
  set_error_handler([this](caf::scheduled_actor*, caf::error& e) { take(caf::make_message(std::move(e))); });
}

#if !REGISTRY_CAF_0_17
#pragma GCC diagnostic pop
#endif

void raw_actor::take(caf::message content) {
  // Making the promise takes the sender away, and marks the message as answered.
  auto sender = current_sender();
  auto reply = make_response_promise();
  received(std::move(content), std::move(sender), std::move(reply));
}

#if REGISTRY_CAF_0_17

namespace {
constexpr auto wake_up_kind = caf::atom("registry");
} // namespace

std::uint64_t raw_actor::ask(const member& to, std::chrono::milliseconds, caf::message content) {
  const auto id = new_request_id(caf::message_priority::normal);
  to->enqueue(ctrl(), id, std::move(content), context());
  return id.request_id().integer_value();
}

// CAF's clock keeps one timeout of each kind per actor; CAF itself handles its own kinds only.
void raw_actor::wake_at(std::chrono::steady_clock::time_point when) {
  may_wake_up_ = true;
  clock().set_ordinary_timeout(when, this, wake_up_kind, 0);
}

void raw_actor::cancel_wake_up() {
  if (std::exchange(may_wake_up_, false))
    clock().cancel_ordinary_timeout(this, wake_up_kind);
}

caf::invoke_message_result raw_actor::consume(caf::mailbox_element& x) {
  if (x.content().match_elements<caf::timeout_msg>() && x.content().get_as<caf::timeout_msg>(0).type == wake_up_kind) {
    current_mailbox_element(&x);
    woken();
    return caf::invoke_message_result::consumed;
  }
  if (!x.mid.is_response())
    return caf::event_based_actor::consume(x);
  current_mailbox_element(&x);
  answered(x.mid.request_id().integer_value(), x.move_content_to_message());
  return caf::invoke_message_result::consumed;
}

#else

void raw_actor::wake_at(std::chrono::steady_clock::time_point when) {
  cancel_wake_up();
  wake_up_ = clock().schedule(when, caf::make_action([this] { woken(); }), caf::strong_actor_ptr{ctrl()});
}

void raw_actor::cancel_wake_up() {
  if (wake_up_)
    wake_up_.dispose();
}

std::uint64_t raw_actor::ask(const member& to, std::chrono::milliseconds timeout, caf::message content) {
  const auto id = new_request_id(caf::message_priority::normal);
  const auto number = id.request_id().integer_value();
  // A handler for any message gets no errors.
  caf::behavior on_response{[this, number](caf::message& response) { answered(number, std::move(response)); },
                            [this, number](caf::error& e) { answered(number, caf::make_message(std::move(e))); }};
  add_multiplexed_response_handler(id.response_id(), std::move(on_response),
                                   request_response_timeout(saturated(timeout), id));
  to->enqueue(caf::make_mailbox_element(ctrl(), id, std::move(content)), context());
  return number;
}

#endif

void answer_nothing(caf::response_promise& promise) {
#if REGISTRY_CAF_0_17
  // Delivering would send an empty message.
  promise = caf::response_promise{};
#else
  // Otherwise its destructor would send an error.
  promise.deliver();
#endif
}

bool is_unanswered(const caf::error& e) {
#if !REGISTRY_CAF_0_17
  if (e == caf::sec::broken_promise)
    return true;
#endif
  // An actor on another node that ends with pending requests may leave this reason behind, although its node is well.
  return e == caf::sec::request_receiver_down || e == caf::exit_reason::remote_link_unreachable;
}

} // namespace registry::inline v0_2::internal
