#include <registry/compat/actor.hpp>
#include <registry/scope/hub.hpp>
#include <registry/scope/requests.hpp>

#include <algorithm>
#include <utility>

namespace registry {

hub::hub(std::string scope_name, std::vector<std::string> listeners, name_resolver resolve)
    : scope_name_(std::move(scope_name)), listeners_(std::move(listeners)), resolve_(std::move(resolve)) {}

void hub::add(std::shared_ptr<feed> subscription) {
  of_subscriber_[subscription->subscriber().get()].push_back(subscription->reference());
  (subscription->key() ? one_key_[*subscription->key()] : whole_scope_).push_back(subscription);
  subscriptions_.emplace(subscription->reference().number, std::move(subscription));
}

std::shared_ptr<feed> hub::remove(subscription_ref reference) {
  const auto found = subscriptions_.find(reference.number);
  if (found == subscriptions_.end())
    return nullptr;
  auto subscription = std::move(found->second);
  subscriptions_.erase(found);
  subscription->cancel();
  if (const auto& key = subscription->key()) {
    auto& feeds_of_key = one_key_[*key];
    std::erase(feeds_of_key, subscription);
    if (feeds_of_key.empty())
      one_key_.erase(*key);
  } else {
    std::erase(whole_scope_, subscription);
  }
  const auto owner = of_subscriber_.find(subscription->subscriber().get());
  std::erase(owner->second, reference);
  if (owner->second.empty())
    of_subscriber_.erase(owner);
  return subscription;
}

void hub::remove_subscriber(const member& who) {
  const auto found = of_subscriber_.find(who.get());
  if (found == of_subscriber_.end())
    return;
  const auto references = found->second;
  for (const auto reference : references)
    remove(reference);
}

bool hub::has_subscriber(const member& who) const {
  return of_subscriber_.contains(who.get());
}

std::vector<member> hub::subscribers() const {
  std::vector<member> out;
  out.reserve(subscriptions_.size());
  for (const auto& [number, subscription] : subscriptions_)
    out.push_back(subscription->subscriber());
  return out;
}

void hub::cancel_all() {
  for (const auto& [number, subscription] : subscriptions_)
    subscription->cancel();
  for (const auto& [key, of_key] : waiters_) {
    for (const auto& waiting : of_key)
      waiting.done(error(errc::scope_closed));
  }
}

void hub::add_waiter(std::uint64_t number, const value& key, std::uint64_t start, waiter done) {
  waiters_[key].push_back({number, start, std::move(done)});
}

void hub::remove_waiter(std::uint64_t number, const value& key) {
  const auto found = waiters_.find(key);
  if (found == waiters_.end())
    return;
  std::erase_if(found->second, [=](const waiting& x) { return x.number == number; });
  if (found->second.empty())
    waiters_.erase(found);
}

bool hub::observed() const noexcept {
  return !subscriptions_.empty() || !waiters_.empty() || !listeners_.empty();
}

void hub::distribute(const std::vector<event_ptr>& changes, std::vector<event_ptr>& dropped) {
  for (const auto& subscription : whole_scope_)
    subscription->push(changes, dropped);
  if (!one_key_.empty())
    distribute_by_key(changes, dropped);
  for (const auto& change : changes) {
    if (!waiters_.empty())
      complete_waiters(*change);
    if (!listeners_.empty())
      tell_listeners(*change);
  }
}

void hub::distribute_by_key(const std::vector<event_ptr>& changes, std::vector<event_ptr>& dropped) {
  // Grouped first, so that each subscription is locked and signalled once.
  by_key<std::vector<event_ptr>> wanted;
  for (const auto& change : changes) {
    if (one_key_.contains(change->key))
      wanted[change->key].push_back(change);
  }
  for (const auto& [key, of_key] : wanted) {
    for (const auto& subscription : one_key_[key])
      subscription->push(of_key, dropped);
  }
}

void hub::complete_waiters(const event& change) {
  if (change.what != verb::join)
    return;
  const auto found = waiters_.find(change.key);
  if (found == waiters_.end())
    return;
  // The entries of the event itself: they may be gone from the table already, yet the key did have them.
  group entries;
  for (const auto& x : change.entries)
    entries = std::move(entries).with({x.who, x.data, x.id.number, x.id.number, x.id.origin});
  std::erase_if(found->second, [&](const waiting& x) {
    if (x.start >= change.commit)
      return false;
    x.done(entries);
    return true;
  });
  if (found->second.empty())
    waiters_.erase(found);
}

void hub::tell_listeners(const event& change) const {
  if (change.what == verb::update)
    return;
  for (const auto& name : listeners_) {
    const auto listener = resolve_(name);
    if (listener == nullptr)
      continue;
    for (const auto& x : change.entries) {
      if (change.what == verb::join)
        compat::tell(listener, registered{scope_name_, change.key, x.who, x.data});
      else
        compat::tell(listener, unregistered{scope_name_, change.key, x.who});
    }
  }
}

} // namespace registry
