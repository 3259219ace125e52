#include <registry/internal/deferral.hpp>
#include <registry/scope/internal/observers.hpp>

#include <utility>

namespace registry::inline v0_2 {

void observers::insert(queues& all, std::size_t subscription_queue::* place, const std::shared_ptr<subscription_queue>& x) {
  (*x).*place = all.size();
  all.push_back(x);
}

/// The last element takes the place of the removed one.
void observers::erase(queues& all, std::size_t subscription_queue::* place, const subscription_queue& x) {
  (*all.back()).*place = x.*place;
  std::swap(all[x.*place], all.back());
  all.pop_back();
}

void observers::add(std::shared_ptr<subscription_queue> subscription, bool is_queued) {
  subscription->is_queued = is_queued;
  unqueued_ += is_queued ? 0 : 1;
  insert(of_subscriber_[subscription->subscriber().get()], &subscription_queue::place_of_subscriber, subscription);
  insert(subscription->key() ? one_key_[*subscription->key()] : whole_scope_, &subscription_queue::place_of_key,
         subscription);
  subscriptions_.emplace(subscription->reference().number, std::move(subscription));
}

std::shared_ptr<subscription_queue> observers::remove(subscription_ref reference) {
  const auto found = subscriptions_.find(reference.number);
  if (found == subscriptions_.end())
    return nullptr;
  auto subscription = std::move(found->second);
  subscriptions_.erase(found);
  subscription->cancel();
  unqueued_ -= subscription->is_queued ? 0 : 1;
  if (const auto& key = subscription->key()) {
    const auto of_key = one_key_.find(*key);
    erase(of_key->second, &subscription_queue::place_of_key, *subscription);
    if (of_key->second.empty())
      internal::deferral::keep(one_key_.extract(of_key));
  } else {
    erase(whole_scope_, &subscription_queue::place_of_key, *subscription);
  }
  const auto owner = of_subscriber_.find(subscription->subscriber().get());
  erase(owner->second, &subscription_queue::place_of_subscriber, *subscription);
  if (owner->second.empty())
    of_subscriber_.erase(owner);
  return subscription;
}

void observers::remove_subscriber(const member& who) {
  for (;;) {
    const auto found = of_subscriber_.find(who.get());
    if (found == of_subscriber_.end())
      return;
    internal::deferral::keep(remove(found->second.back()->reference()));
  }
}

bool observers::has_subscriber(const member& who) const {
  return of_subscriber_.contains(who.get());
}

void observers::cancel_all() {
  for (const auto& [number, subscription] : subscriptions_)
    subscription->cancel();
  for (const auto& [key, of_key] : waiters_) {
    for (const auto& [number, one] : of_key)
      one.done(error(errc::scope_closed));
  }
}

void observers::add_waiter(std::uint64_t number, const value& key, std::uint64_t start, waiter done) {
  waiters_[key].emplace(number, waiting{start, std::move(done)});
}

void observers::remove_waiter(std::uint64_t number, const value& key) {
  const auto found = waiters_.find(key);
  if (found == waiters_.end())
    return;
  internal::deferral::keep(found->second.extract(number));
  if (found->second.empty())
    internal::deferral::keep(waiters_.extract(found));
}

bool observers::observed() const noexcept {
  return !subscriptions_.empty() || !waiters_.empty();
}

void observers::distribute(const shared_changes& changes) {
  queues to_signal;
  push(whole_scope_, changes, to_signal);
  if (!one_key_.empty())
    distribute_by_key(*changes.all, to_signal);
  if (!to_signal.empty()) {
    internal::deferral::later([to_signal = std::move(to_signal)] {
      for (const auto& subscription : to_signal)
        subscription_queue::signal(subscription);
    });
  }
  if (!waiters_.empty()) {
    for (const auto& change : *changes.all)
      complete_waiters(*change);
  }
}

void observers::push(const queues& to, const shared_changes& changes, queues& to_signal) {
  to_signal.reserve(to_signal.size() + to.size());
  for (const auto& subscription : to) {
    if (subscription->push(changes))
      to_signal.push_back(subscription);
  }
}

void observers::distribute_by_key(const std::vector<event_ptr>& changes, queues& to_signal) {
  // Grouped first, so that each subscription is locked and signalled once.
  by_key<std::vector<event_ptr>> wanted;
  for (const auto& change : changes) {
    if (one_key_.contains(change->key))
      wanted[change->key].push_back(change);
  }
  for (auto& [key, of_key] : wanted)
    push(one_key_[key], shared_changes{std::move(of_key)}, to_signal);
}

void observers::complete_waiters(const event& change) {
  if (change.what != verb::join)
    return;
  const auto found = waiters_.find(change.key);
  if (found == waiters_.end())
    return;
  // The entries of the event itself: they may have left the table already, yet the key did have them. Their positions are
  // unknown.
  group entries;
  for (const auto& x : change.entries)
    entries = std::move(entries).with({x.who, x.data, x.id.number, x.id.number, x.id.origin});
  std::vector<waiter> completed;
  std::erase_if(found->second, [&](auto& x) {
    if (x.second.start >= change.commit)
      return false;
    completed.push_back(std::move(x.second.done));
    return true;
  });
  if (found->second.empty())
    internal::deferral::keep(waiters_.extract(found));
  internal::deferral::later([entries = std::move(entries), completed = std::move(completed)] {
    for (const auto& done : completed)
      done(entries);
  });
}

} // namespace registry::inline v0_2
