#include <conformance/performance.hpp>
#include <registry/actor/handle.hpp>
#include <registry/compat/error.hpp>

#include <chrono>
#include <utility>

namespace registry::conformance {

namespace {

constexpr const char* outsider_name = "a caller that is no actor of the trace";

failure describe(const error& e) {
  return {std::string{to_string(e.code())}, e.holder()};
}

} // namespace

performance::performance(const trace& script, ensemble& actors, scope where, member listener, std::unique_ptr<calls> way)
    : script_(script),
      actors_(actors),
      scope_(std::move(where)),
      listener_(std::move(listener)),
      outsider_(actors.spawn()),
      calls_(std::move(way)) {}

result<observation> performance::perform(const operation& what) {
  observation found;
  if (auto acted = act(what, found); !acted)
    return acted.error();
  if (auto settled = settle(what); !settled)
    return settled.error();
  collect(found);
  return found;
}

result<void> performance::act(const operation& what, observation& into) {
  switch (what.kind->code) {
  case opcode::spawn: // the reader has made the actor
    return success();
  case opcode::exit:
    return actors_.end(what.args.members[0]);
  default:
    run(what, into);
    return success();
  }
}

void performance::run(const operation& what, observation& into) {
  const auto& by = what.by != nullptr ? what.by : outsider_;
  auto outcome = calls_->run(what, by, find_subscription(what.args.subscription));
  if (!outcome) {
    into.error = describe(outcome.error());
    return;
  }
  into.result = std::move(outcome).value();
  if (what.kind->subscribes())
    take_subscription(what, by, into);
}

void performance::take_subscription(const operation& what, const member& owner, observation& into) {
  const auto parts = into.result.as_list();
  const subscription_ref reference{static_cast<std::uint64_t>(parts[0].as_integer().value_or(0))};
  const auto snapshot = parts[1];
  if (!subscriptions_.try_emplace(reference, subscription{what.subscription, owner}).second)
    into.error = failure{"a reference that was handed out before", {}};
  into.result = snapshot;
}

result<void> performance::settle(const operation& what) {
  // Monitors new members; of one that has exited already the scope actor learns at once.
  scope_.flush();
  for (const auto& who : what.args.members) {
    if (who == nullptr || actors_.is_alive(who))
      continue;
    if (auto waited = wait_for_end_of(who); !waited)
      return waited;
  }
  scope_.flush();
  return actors_.settle();
}

/// Waits until the scope actor has noticed an exit: its notification was sent before the request.
result<void> performance::wait_for_end_of(const member& who) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  do {
    if (auto answer = actors_.ask(scope_.actor(), count_request{}); !answer)
      return answer.error();
    if (scope_.keys(who).empty())
      return success();
  } while (std::chrono::steady_clock::now() < deadline);
  return error(errc::timeout, "entries of an actor that has exited do not go away");
}

void performance::collect(observation& into) {
  for (const auto& [name, who] : script_.actors) {
    if (actors_.is_alive(who))
      collect_from(who, name, into);
  }
  collect_from(outsider_, outsider_name, into);
  collect_from_listener(into);
}

void performance::collect_from(const member& who, const std::string& name, observation& into) {
  auto received = actors_.received_by(who);
  for (auto& [from, events] : received.events)
    into.events[name_of(from, name, who)] = std::move(events);
  auto messages = std::move(received.messages);
  messages.insert(messages.end(), received.notices.begin(), received.notices.end()); // there must be none
  if (!messages.empty())
    into.messages[name] = std::move(messages);
}

void performance::collect_from_listener(observation& into) {
  auto received = actors_.received_by(listener_);
  for (const auto& notice : received.notices) {
    // The scope comes last and is not in the traces; a wrong one stays and causes a difference.
    const auto parts = notice.as_list();
    into.listener.push_back(identical(parts.back(), value(scope_.name())) ? value::list(parts.first(parts.size() - 1))
                                                                          : notice);
  }
  if (!received.messages.empty())
    into.messages["the listener"] = std::move(received.messages);
  for (auto& [from, events] : received.events)
    into.events[name_of(from, "the listener", listener_)] = std::move(events);
}

std::string performance::name_of(subscription_ref from, const std::string& receiver, const member& who) const {
  const auto found = subscriptions_.find(from);
  if (found == subscriptions_.end())
    return "an unknown subscription, number " + std::to_string(from.number);
  return same_member(found->second.owner, who) ? found->second.name : found->second.name + ", received by " + receiver;
}

subscription_ref performance::find_subscription(const std::string& name) const {
  for (const auto& [reference, known] : subscriptions_) {
    if (known.name == name)
      return reference;
  }
  return {}; // no subscription has the number 0
}

} // namespace registry::conformance
