#include <registry/compat/actor.hpp>
#include <registry/internal/deferral.hpp>
#include <registry/scope/feed.hpp>
#include <registry/scope/requests.hpp>
#include <registry/scope/scope_state.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace registry {

feed::feed(subscription_ref reference, std::optional<value> key, member subscriber, std::size_t limit, std::uint64_t start,
           std::weak_ptr<scope_state> home)
    : reference_(reference),
      key_(std::move(key)),
      subscriber_(std::move(subscriber)),
      limit_(limit),
      home_(std::move(home)),
      start_(start) {}

bool feed::push(std::span<const event_ptr> changes) {
  std::vector<event_ptr> dropped;
  bool wants_signal = false;
  {
    const std::lock_guard guard(lock_);
    // Commits ascend, so the changes that the subscriber's view already contains come first.
    const auto first = std::find_if(changes.begin(), changes.end(), [&](const event_ptr& x) { return x->commit > start_; });
    const auto count = static_cast<std::size_t>(changes.end() - first);
    if (cancelled_ || lagged_ || count == 0)
      return false;
    pending_bytes_ = std::accumulate(first, changes.end(), pending_bytes_,
                                     [](std::size_t sum, const event_ptr& x) { return sum + x->bytes; });
    if (pending_.size() + count > limit_ || pending_bytes_ > max_bytes) {
      lagged_ = true;
      dropped.swap(pending_);
    } else {
      pending_.insert(pending_.end(), first, changes.end());
    }
    wants_signal = !std::exchange(signalled_, true);
  }
  give_up(std::move(dropped));
  return wants_signal;
}

void feed::signal(std::shared_ptr<feed> x) {
  internal::assert_unlocked();
  const auto subscriber = x->subscriber_; // the message may be gone before its delivery ends
  compat::tell(subscriber, events{std::move(x)});
}

bool feed::restart(std::uint64_t commit) {
  std::vector<event_ptr> dropped;
  {
    const std::lock_guard guard(lock_);
    if (cancelled_)
      return false;
    dropped.swap(pending_);
    pending_bytes_ = 0;
    start_ = commit;
    lagged_ = false;
  }
  give_up(std::move(dropped));
  return true;
}

void feed::cancel() {
  std::vector<event_ptr> dropped;
  {
    const std::lock_guard guard(lock_);
    cancelled_ = true;
    dropped.swap(pending_);
  }
  give_up(std::move(dropped));
}

void feed::give_up(std::vector<event_ptr>&& dropped) noexcept {
  if (!dropped.empty())
    internal::deferral::keep(std::move(dropped));
}

event_batch feed::take() {
  event_batch out;
  {
    const std::lock_guard guard(lock_);
    signalled_ = false;
    if (cancelled_)
      return out;
    if (!lagged_) {
      out.changes.swap(pending_);
      pending_bytes_ = 0;
      return out;
    }
  }
  if (const auto home = home_.lock())
    out.lagged = home->restart(*this);
  return out;
}

bool feed::ended() {
  const std::lock_guard guard(lock_);
  return cancelled_;
}

subscription_ref events::reference() const noexcept {
  return source_ != nullptr ? source_->reference() : subscription_ref{};
}

event_batch events::take() const {
  return source_ != nullptr ? source_->take() : event_batch{};
}

bool events::ended() const {
  return source_ == nullptr || source_->ended();
}

} // namespace registry
