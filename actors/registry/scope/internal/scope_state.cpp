#include <registry/actor/tell.hpp>
#include <registry/caf/internal/mailbox.hpp>
#include <registry/compat/actor.hpp>
#include <registry/log/internal/log.hpp>
#include <registry/scope/internal/scope_state.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace registry::inline v0_2 {

namespace {

/// References are unique in the process, so that those of one scope are unknown to every other.
subscription_ref next_reference() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return {last.fetch_add(1, std::memory_order_relaxed) + 1};
}

/// How long a member may have entries before it is monitored.
constexpr std::chrono::milliseconds monitoring_delay{1};
/// An event that is committed this long after the last distribution is distributed at once, if the recipients are few.
constexpr std::chrono::microseconds pause{3};
constexpr std::size_t few = 16;
/// This many events at once mean that more are coming: they are collected for this long before the actor is woken for them.
constexpr std::size_t many = 8;
constexpr std::chrono::microseconds collecting_time{200};
constexpr std::chrono::seconds longest_delivery{1};

store_options options_of_store(const scope_options& options) {
  return {options.mode, options.log_capacity, registry::is_alive};
}

} // namespace

scope_state::scope_state(scope_options options, caf::actor_system& home, name_resolver resolve)
    : scope_state(std::move(options), home, std::move(resolve), replication_options{}) {}

scope_state::scope_state(scope_options options, caf::actor_system& home, name_resolver resolve, replication_options cluster)
    : options_(std::move(options)),
      here_(home.node()),
      clock_(home.clock()),
      content_(options_.name, options_of_store(options_), cluster.peers),
      peers_(cluster.peers),
      listeners_(std::make_shared<listeners>(options_.name, options_.listeners, std::move(resolve))),
      turns_([this](const value& key) { return has_entries(key); }) {
  if (peers_ != nullptr)
    replica_ =
        std::make_unique<replica>(cluster.self, options_.name, options_.mode, cluster.epoch, content_, cluster.limits);
  refresh_observed();
}

std::uint32_t scope_state::next_turn(const value& key) {
  for (;;) {
    if (const auto turn = turns_.next(key))
      return *turn;
    const section guard(turns_lock_);
    internal::deferral::keep(turns_.add(key));
  }
}

/// Under a lock.
bool scope_state::has_entries(const value& key) const {
  auto found = entries().find(key);
  const bool out = !found.empty();
  internal::deferral::keep(std::move(found)); // others may have replaced it meanwhile
  return out;
}

result<void> scope_state::check_member(const member& who) const {
  if (who == nullptr)
    return error(errc::invalid_actor);
  if (who->node() != here_)
    return error(errc::not_local);
  return success();
}

table_snapshot scope_state::snapshot() {
  const std::lock_guard guard(content_.lock());
  return content_.data().snapshot().entries;
}

result<void> scope_state::put_meta(const value& name, const value& data) {
  return set_meta(name, group{}.with({nullptr, data, 0, 0, 0}));
}

result<void> scope_state::delete_meta(const value& name) {
  return set_meta(name, group{});
}

result<void> scope_state::set_meta(const value& name, group content) {
  const section guard(content_.lock());
  if (closed_) {
    internal::deferral::keep(std::move(content));
    return error(errc::scope_closed);
  }
  metadata_.assign(name, std::move(content));
  // At once, because nothing else would free it later.
  internal::deferral::keep(metadata_.collect_now());
  return success();
}

// -- Subscriptions --------------------------------------------------------------------------------------------------------

/// The view and the commit that a subscription starts from; its events are queued from here on. Under the drain lock.
result<subscription_start> scope_state::cut(subscription_ref reference, const std::optional<value>& key) {
  const std::lock_guard guard(content_.lock());
  if (closed_)
    return error(errc::scope_closed);
  content_.data().log().observe(true);
  subscription_start start;
  start.reference = reference;
  start.commit = content_.data().log().last_commit();
  if (key)
    start.entries = content_.data().entries().find(*key);
  else
    start.snapshot = content_.data().snapshot().entries;
  return start;
}

result<subscription_start> scope_state::subscribe(std::optional<value> key, const member& subscriber) {
  if (auto checked = check_member(subscriber); !checked)
    return checked.error();
  const draining guard(drain_lock_);
  auto start = cut(next_reference(), key);
  if (!start)
    return start;
  observers_.add(std::make_shared<subscription_queue>(start.value().reference, std::move(key), subscriber,
                                                      options_.subscription_limit, start.value().commit, weak_from_this()),
                 internal::is_queued_by(subscriber));
  refresh_monitor(subscriber);
  return start;
}

result<void> scope_state::unsubscribe(subscription_ref reference) {
  const draining guard(drain_lock_);
  auto ended = observers_.remove(reference);
  if (ended == nullptr)
    return error(errc::unknown_reference);
  refresh_monitor(ended->subscriber());
  refresh_observed();
  internal::deferral::keep(std::move(ended));
  return success();
}

void scope_state::note_lag(const member& subscriber) {
  const auto line =
      "a subscriber of scope '" + options_.name +
      "' reads too slowly: its pending changes exceed subscription_limit or 128 MiB and are dropped; it starts over";
  if (const auto more = lags_.admit(options_.name))
    internal::log_warning("{} (actor {}){}", line, subscriber->id(), *more);
}

std::optional<subscription_start> scope_state::restart(subscription_queue& subscription) {
  const draining guard(drain_lock_);
  auto start = cut(subscription.reference(), subscription.key());
  if (!start)
    return std::nullopt;
  if (!subscription.restart(start.value().commit)) {
    internal::deferral::keep(std::move(start).value());
    refresh_observed();
    return std::nullopt;
  }
  return std::move(start).value();
}

std::uint64_t scope_state::await(const value& key, observers::waiter done) {
  const auto number = next_waiter_.fetch_add(1, std::memory_order_relaxed);
  const draining guard(drain_lock_);
  auto start = cut({}, key);
  if (start && start.value().entries.empty()) {
    // All entries of the key, not only those of the event, unless they have left already.
    observers_.add_waiter(number, key, start.value().commit,
                          [home = weak_from_this(), key, done = std::move(done)](const result<group>& joined) {
                            const auto self = joined ? home.lock() : nullptr;
                            auto now = self != nullptr ? self->entries().find(key) : group{};
                            done(now.empty() ? joined : result<group>(std::move(now)));
                          });
  } else {
    internal::deferral::later([start = std::move(start), done = std::move(done)] {
      done(start ? result<group>(start.value().entries) : result<group>(start.error()));
    });
  }
  refresh_observed();
  return number;
}

void scope_state::end_await(std::uint64_t number, const value& key) {
  const draining guard(drain_lock_);
  observers_.remove_waiter(number, key);
  refresh_observed();
}

/// Events cost nothing while nobody needs them. Under the drain lock.
void scope_state::refresh_observed() {
  const std::lock_guard guard(content_.lock());
  content_.data().log().observe(observed() || replica_ != nullptr, observed());
}

/// Whether any local observer needs events. Under the drain lock.
bool scope_state::observed() const noexcept {
  return observers_.observed() || listeners_->size() > 0;
}

// -- Draining -------------------------------------------------------------------------------------------------------------

void scope_state::wake() {
  if (alarm_.exchange(alarm::now) != alarm::now)
    registry::tell(actor(), wake_up{});
}

/// For members to be monitored, or no longer. Many join in succession, or join and leave again: together they cost little.
void scope_state::wake_soon() {
  auto none = alarm::none;
  if (alarm_.compare_exchange_strong(none, alarm::soon))
    compat::deliver_later(as_member(actor()), monitoring_delay, caf::make_message(wake_up{}));
}

/// The maximum number of recipients of a change. Under the drain lock.
std::size_t scope_state::fan_out() const noexcept {
  return observers_.fan_out() + listeners_->size() + (replica_ != nullptr ? replica_->peer_count() : 0);
}

/// Ensures that events are distributed. The thread that commits the first one after a pause distributes it, because waking
/// the actor takes longer than that; events that follow immediately go to the actor, so that batches grow under load.
void scope_state::hand_out() {
  if (alarm_.load(std::memory_order_relaxed) == alarm::now) // the actor resets it before its last look
    return;
  const auto now = clock_.now().time_since_epoch();
  const std::chrono::steady_clock::duration last{last_drain_.load(std::memory_order_relaxed)};
  if (now - last > pause) {
    const draining guard(drain_lock_, std::try_to_lock);
    if (guard.owns_lock() && fan_out() <= few) {
      drain_locked();
      return;
    }
  }
  wake();
}

/// While many events come, the actor checks periodically and writers do not wake it; otherwise writers do.
void scope_state::woken() {
  const auto count = drain();
  if (do_bulk_work())
    return registry::tell(actor(), wake_up{});
  if (count >= many)
    return compat::deliver_later(as_member(actor()), collecting_time, caf::make_message(wake_up{}));
  alarm_.store(alarm::none);
  drain();
}

std::size_t scope_state::drain() {
  const draining guard(drain_lock_);
  return drain_locked();
}

void scope_state::flush() {
  drain();
  deliveries_->wait(longest_delivery);
  if (listeners_->size() == 0)
    return;
  // Changes queued while another thread was notifying the listeners are left to the next one that does.
  drain();
  deliveries_->wait(longest_delivery);
}

/// Returns the number of events distributed.
std::size_t scope_state::drain_locked() {
  auto count = distribute_commits();
  if (take_inputs()) {
    count += distribute_commits();
    complete_milestones();
    deliver_arrived();
  }
  // Here, so that the actor's last look finds also what was begun while it was about to rest.
  wake_for_bulk_work();
  return count;
}

std::size_t scope_state::distribute_commits() {
  commit_log::batch batch;
  garbage freed;
  bool is_read = false;
  {
    const std::lock_guard guard(content_.lock());
    batch = content_.data().log().take();
    // Otherwise handles of members that have left would stay until enough other changes come.
    freed = content_.data().collect_now();
    is_read = content_.data().entries().uncollected() > 0;
  }
  if (is_read && observer_ != nullptr)
    wake_soon(); // memory that a reader kept from being freed must not wait for the next change
  if (!freed.empty())
    internal::deferral::keep(std::move(freed));
  if (replica_ != nullptr) {
    replica_->committed(batch);
    send_to_peers();
  }
  const auto count = batch.events.size();
  distribute(std::exchange(batch.events, {}));
  for (const auto& who : batch.touched)
    refresh_monitor(who);
  if (count > 0)
    last_drain_.store(clock_.now().time_since_epoch().count(), std::memory_order_relaxed);
  if (!batch.empty())
    internal::deferral::keep(std::move(batch));
  return count;
}

/// Under the drain lock.
void scope_state::distribute(std::vector<event_ptr> committed) {
  const bool told = listeners_->queue(committed); // includes earlier leftovers
  const bool observed = !committed.empty() && observers_.observed();
  if (observed) {
    const shared_changes changes{std::move(committed)};
    internal::deferral::keep(changes.all);
    observers_.distribute(changes);
  } else if (!committed.empty()) {
    internal::deferral::keep(std::move(committed));
  }
  if (!told && !observed)
    return;
  internal::deferral::later([self = shared_from_this(), delivery = deliveries_->begin()] {
    while (self->listeners_->tell()) {
      if (self->actor() == nullptr)
        continue; // the scope is closed, and nothing is queued any more
      self->wake();
      break;
    }
    self->deliveries_->end(delivery);
  });
}

/// Monitors an actor that has an entry or a subscription here, and no other. Under the drain lock.
void scope_state::refresh_monitor(const member& who) {
  if (observer_ == nullptr || who->node() != here_)
    return;
  const bool wanted = entries().holds_any(who) || observers_.has_subscriber(who);
  if (wanted && monitored_.insert(who.get()).second)
    compat::monitor(who, observer_);
  else if (!wanted && monitored_.erase(who.get()) > 0)
    compat::demonitor(who, observer_);
}

void scope_state::members_down(std::span<const member> ended) {
  {
    // Before their entries leave, so that a join from now on has the actor monitored again.
    const draining guard(drain_lock_);
    for (const auto& who : ended)
      monitored_.erase(who.get());
  }
  for (const auto& who : ended)
    static_cast<void>(leave_all(who, reason::down));
  const draining guard(drain_lock_);
  for (const auto& who : ended) {
    observers_.remove_subscriber(who);
    refresh_monitor(who);
  }
  refresh_observed();
}

/// Each step is one hold of the writer lock.
template <class Work>
result<std::size_t> scope_state::in_steps(Work& x) {
  while (!x.complete) {
    auto done = commit([&](store& entries) -> result<void> {
      entries.step(x);
      return success();
    });
    if (!done)
      return done.error();
  }
  return x.removed;
}

result<std::size_t> scope_state::leave_key(const value& key) {
  store::vacation leaving{key};
  return in_steps(leaving);
}

result<std::size_t> scope_state::leave_all(const member& who, reason why) {
  store::departure leaving{who, why};
  return in_steps(leaving);
}

} // namespace registry::inline v0_2
