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
  roots_.start(std::move(main));
  run();
}

void coroutine_context::received(envelope what) {
  if (auto* const whom = find_receiver(what.content))
    whom->take(std::move(what));
  else
    keep(std::move(what));
  run();
}

void coroutine_context::answered(std::uint64_t request, caf::message content) {
  const auto found = requests_.find(request);
  if (found == requests_.end())
    return;
  auto& who = *found;
  who.forget();
  who.stop_timer();
  who.response_.emplace(std::move(content));
  loop_.schedule(who);
  run();
}

void coroutine_context::woken() {
  const auto now = actor_.now();
  if (armed_ && *armed_ <= now)
    armed_.reset();
  loop_.expire(now);
  run();
}

void coroutine_context::shut_down() noexcept {
  ending_ = true;
  loop_.stop();
  roots_.destroy_all();
  kept_.clear();
}

void coroutine_context::expire_after(timed_waiter& who, std::chrono::milliseconds delay) {
  who.expires(deadline_after(delay, actor_.now()));
  loop_.add_timer(who);
}

void coroutine_context::ask(response_waiter& who, const member& to, std::chrono::milliseconds timeout,
                            caf::message content) {
  who.number_ = actor_.ask(to, timeout, std::move(content));
  requests_.insert(who);
  expire_after(who, timeout);
}

void coroutine_context::enlist(response_waiter& who) {
  // The numbers of requests are smaller.
  constexpr auto outside = std::uint64_t{1} << 63;
  who.number_ = outside | ++last_outside_;
  requests_.insert(who);
}

std::uint64_t coroutine_context::wait_for_outside(response_waiter& who, std::chrono::milliseconds timeout) {
  enlist(who);
  expire_after(who, timeout);
  return who.number_;
}

void coroutine_context::catch_up(response_waiter& who) {
  enlist(who);
  registry::tell(actor_.handle(), coroutine_resume{who.number_});
}

std::optional<envelope> coroutine_context::take_kept(const receiver& who) {
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const envelope& x) { return who.accepts(x.content); });
  if (found == kept_.end())
    return std::nullopt;
  auto out = std::move(*found);
  kept_.erase(found);
  return out;
}

void coroutine_context::add_standing(receiver& who) {
  standing_.push_front(who);
  while (who.listens()) {
    auto one = take_kept(who);
    if (!one)
      return;
    who.take(*std::move(one));
  }
}

void coroutine_context::give_back(envelope what) {
  if (ending_)
    return;
  if (auto* const whom = find_receiver(what.content))
    whom->take(std::move(what));
  else
    kept_.push_front(std::move(what));
}

receiver* coroutine_context::find_receiver(const caf::message& content) noexcept {
  for (auto* const candidates : {&waiting_, &standing_}) {
    const auto found =
        std::find_if(candidates->begin(), candidates->end(), [&](const receiver& x) { return x.accepts(content); });
    if (found != candidates->end())
      return &*found;
  }
  return nullptr;
}

void coroutine_context::forget_ended_subscriptions() {
  kept_.remove_if([](const envelope& x) { return is_of_ended_subscription(x.content); });
}

void coroutine_context::keep(envelope what) {
  if (is_of_ended_subscription(what.content))
    return;
  if (kept_.size() >= most_kept_ && !warned_)
    forget_ended_subscriptions();
  if (kept_.size() < most_kept_) {
    kept_.push_back(std::move(what));
    warned_ = false;
    return;
  }
  if (!std::exchange(warned_, true))
    internal::log_warning(
        "coroutine actor {}: {} unreceived messages are kept, further ones are dropped; receive or serve their types",
        actor_.handle()->id(), kept_.size());
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
  const auto next = loop_.next_deadline();
  if (ending_ || !next || (armed_ && *armed_ <= *next))
    return;
  armed_ = next;
  actor_.wake_at(*next);
}

} // namespace registry::inline v0_2::detail
