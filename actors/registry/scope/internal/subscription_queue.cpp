#include <registry/actor/tell.hpp>
#include <registry/internal/deferral.hpp>
#include <registry/scope/internal/scope_state.hpp>
#include <registry/scope/internal/subscription_queue.hpp>
#include <registry/scope/requests.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace registry::inline v0_2 {

namespace {

template <class Iterator>
std::size_t bytes_of(Iterator first, Iterator end) {
  return std::accumulate(first, end, std::size_t{0}, [](std::size_t sum, const event_ptr& x) { return sum + x->bytes; });
}

} // namespace

shared_changes::shared_changes(std::vector<event_ptr> changes)
    : all(std::make_shared<const std::vector<event_ptr>>(std::move(changes))), bytes(bytes_of(all->begin(), all->end())) {}

subscription_queue::subscription_queue(subscription_ref reference, std::optional<value> key, member subscriber,
                                       std::size_t limit, std::uint64_t start, std::weak_ptr<scope_state> home)
    : reference_(reference),
      key_(std::move(key)),
      subscriber_(std::move(subscriber)),
      limit_(limit),
      home_(std::move(home)),
      start_(start) {}

bool subscription_queue::push(const shared_changes& changes) {
  std::vector<part> dropped;
  bool wants_signal = false;
  bool lags = false;
  {
    const std::lock_guard guard(lock_);
    if (cancelled_ || lagged_)
      return false;
    // Commits ascend, so changes that the subscriber's view already contains come first.
    const auto& all = *changes.all;
    const auto first = std::find_if(all.begin(), all.end(), [&](const event_ptr& x) { return x->commit > start_; });
    if (first == all.end())
      return false;
    pending_count_ += static_cast<std::size_t>(all.end() - first);
    pending_bytes_ += first == all.begin() ? changes.bytes : bytes_of(first, all.end());
    if (pending_count_ > limit_ || pending_bytes_ > max_bytes) {
      lagged_ = lags = true;
      dropped.swap(pending_);
    } else {
      pending_.push_back({changes.all, static_cast<std::size_t>(first - all.begin())});
    }
    wants_signal = !std::exchange(signalled_, true);
  }
  give_up(std::move(dropped));
  if (auto home = lags ? home_.lock() : nullptr) {
    home->note_lag(subscriber_);
    internal::deferral::keep(std::move(home));
  }
  return wants_signal;
}

void subscription_queue::signal(const std::shared_ptr<subscription_queue>& x) {
  internal::assert_unlocked();
  registry::tell(x->subscriber_, events{x});
}

bool subscription_queue::restart(std::uint64_t commit) {
  std::vector<part> dropped;
  {
    const std::lock_guard guard(lock_);
    if (cancelled_)
      return false;
    dropped.swap(pending_);
    pending_count_ = 0;
    pending_bytes_ = 0;
    start_ = commit;
    lagged_ = false;
  }
  give_up(std::move(dropped));
  return true;
}

void subscription_queue::cancel() {
  std::vector<part> dropped;
  {
    const std::lock_guard guard(lock_);
    cancelled_ = true;
    dropped.swap(pending_);
  }
  give_up(std::move(dropped));
}

void subscription_queue::give_up(std::vector<part>&& dropped) noexcept {
  if (!dropped.empty())
    internal::deferral::keep(std::move(dropped));
}

event_batch subscription_queue::take() {
  event_batch out;
  std::vector<part> taken;
  std::size_t count = 0;
  bool lagged = false;
  {
    const std::lock_guard guard(lock_);
    signalled_ = false;
    if (cancelled_)
      return out;
    lagged = lagged_;
    taken.swap(pending_);
    count = std::exchange(pending_count_, 0);
    pending_bytes_ = 0;
  }
  if (lagged) {
    if (const auto home = home_.lock())
      out.lagged = home->restart(*this);
    return out;
  }
  out.changes.reserve(count);
  for (const auto& [all, first] : taken)
    out.changes.insert(out.changes.end(), all->begin() + static_cast<std::ptrdiff_t>(first), all->end());
  return out;
}

bool subscription_queue::ended() {
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

} // namespace registry::inline v0_2
