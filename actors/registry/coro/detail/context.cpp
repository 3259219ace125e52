#include <registry/actor/tell.hpp>
#include <registry/coro/detail/context.hpp>
#include <registry/coro/internal/messages.hpp>
#include <registry/log/internal/log.hpp>
#include <registry/scope/requests.hpp>
#include <registry/time/deadline.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2::detail {

namespace {

/// A signal still in transit when its subscription ends has no effect.
bool is_of_ended_subscription(const caf::message& content) {
  return content.match_elements<events>() && content.get_as<events>(0).ended();
}

} // namespace

void coroutine_context::start(task<void> main) {
  main_ = main.release();
  main_.promise().ends_at(*this);
  transfer::run(main_);
  run();
}

void coroutine_context::completed() noexcept {
  const auto failure = main_.promise().failure();
  frame::destroy(main_.promise());
  main_ended(failure);
}

coroutine_context::seldom_needed& coroutine_context::rest() {
  if (rest_ == nullptr)
    rest_ = std::make_unique<seldom_needed>();
  return *rest_;
}

void coroutine_context::received(envelope what) {
  if (auto* const whom = find_receiver(what.content))
    whom->take(std::move(what));
  else
    keep(std::move(what));
  run();
}

void coroutine_context::answered(std::uint64_t request, caf::message content) {
  if (rest_ == nullptr)
    return;
  const auto found = rest_->pending.find(request);
  if (found == rest_->pending.end())
    return;
  auto& who = *found;
  who.forget();
  who.stop_timer();
  who.response_.emplace(std::move(content));
  loop_.schedule(who);
  run();
}

void coroutine_context::woken() {
  if (rest_ == nullptr)
    return;
  const auto time = now();
  if (rest_->armed && *rest_->armed <= time)
    rest_->armed.reset();
  while (auto* const due = rest_->timers.take_due(time)) {
    due->expired();
    loop_.schedule(*due);
  }
  run();
}

void coroutine_context::shut_down() noexcept {
  ending_ = true;
  loop_.stop();
  if (main_)
    frame::destroy(main_.promise());
  if (rest_ != nullptr)
    rest_->kept.clear();
}

void coroutine_context::expire_after(timed_waiter& who, std::chrono::milliseconds delay) {
  who.expires(deadline_after(delay, now()));
  rest().timers.add(who);
}

void coroutine_context::request(response_waiter& who, const member& to, std::chrono::milliseconds timeout,
                                caf::message content) {
  who.number_ = ask(to, timeout, std::move(content));
  rest().pending.insert(who);
  expire_after(who, timeout);
}

void coroutine_context::enlist(response_waiter& who) {
  // The numbers of requests are smaller.
  constexpr auto outside = std::uint64_t{1} << 63;
  who.number_ = outside | ++rest().last_outside;
  rest().pending.insert(who);
}

std::uint64_t coroutine_context::wait_for_outside(response_waiter& who, std::chrono::milliseconds timeout) {
  enlist(who);
  expire_after(who, timeout);
  return who.number_;
}

void coroutine_context::catch_up(response_waiter& who) {
  enlist(who);
  registry::tell(handle(), coroutine_resume{who.number_});
}

std::optional<envelope> coroutine_context::take_kept(const receiver& who) {
  if (rest_ == nullptr)
    return std::nullopt;
  auto& kept = rest_->kept;
  const auto found = std::find_if(kept.begin(), kept.end(), [&](const envelope& x) { return who.accepts(x.content); });
  if (found == kept.end())
    return std::nullopt;
  auto out = std::move(*found);
  kept.erase(found);
  return out;
}

void coroutine_context::add_standing(receiver& who) {
  rest().standing.push_front(who);
  for (auto one = take_kept(who); one && who.take(*std::move(one));)
    one = take_kept(who);
}

void coroutine_context::give_back(envelope what) {
  if (ending_)
    return;
  if (auto* const whom = find_receiver(what.content))
    whom->take(std::move(what));
  else
    rest().kept.push_front(std::move(what));
}

receiver* coroutine_context::find_receiver(const caf::message& content) noexcept {
  const auto among = [&](waiting_list& candidates) -> receiver* {
    for (auto& each : candidates) {
      auto& one = static_cast<receiver&>(each);
      if (one.accepts(content))
        return &one;
    }
    return nullptr;
  };
  auto* const waiting = among(waiting_);
  return waiting != nullptr || rest_ == nullptr ? waiting : among(rest_->standing);
}

void coroutine_context::forget_ended_subscriptions() {
  rest_->kept.remove_if([](const envelope& x) { return is_of_ended_subscription(x.content); });
}

void coroutine_context::keep(envelope what) {
  if (is_of_ended_subscription(what.content))
    return;
  auto& kept = rest().kept;
  if (kept.size() >= rest_->most_kept && !rest_->warned)
    forget_ended_subscriptions();
  if (kept.size() < rest_->most_kept) {
    kept.push_back(std::move(what));
    rest_->warned = false;
    return;
  }
  if (!std::exchange(rest_->warned, true))
    internal::log_warning(
        "coroutine actor {}: {} unreceived messages are kept, further ones are dropped; receive or serve their types",
        handle()->id(), kept.size());
  if (what.reply.owed())
    what.reply.refuse(
        error(errc::limit_exceeded,
              "the actor does not receive this type of message and keeps too many; receive or serve the type"));
}

void coroutine_context::run() {
  loop_.run();
  arm();
}

void coroutine_context::arm() {
  if (ending_ || rest_ == nullptr)
    return;
  const auto next = rest_->timers.next_deadline();
  auto& armed = rest_->armed;
  if (!next || (armed && *armed <= *next))
    return;
  armed = next;
  wake_at(*next);
}

} // namespace registry::inline v0_2::detail
