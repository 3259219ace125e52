#include <registry/scope/internal/scope_state.hpp>

#include <utility>

// The cluster part of a scope: its relation to the scopes of its name on other nodes.

namespace registry::inline v0_2 {

namespace {

/// The time of one turn of bulk work, between which the scope's actor handles its other messages.
constexpr std::chrono::milliseconds turn_of_bulk_work{2};

} // namespace

/// Sends everything that can be sent now.
void scope_state::send_to_peers() {
  replica_->send([this](const incarnation& to, frame&& content) { peers_->send(to, std::move(content)); });
}

/// The caller holds locks that the whole node needs, and does not wait for those of a scope.
void scope_state::queue_input(std::function<void(replica&)> input) {
  {
    const std::lock_guard guard(inputs_lock_);
    inputs_.push_back(std::move(input));
  }
  wake();
}

/// Gives the replica what has been queued for it; whether there was anything. Under the drain lock.
bool scope_state::take_inputs() {
  decltype(inputs_) inputs;
  {
    const std::lock_guard guard(inputs_lock_);
    inputs.swap(inputs_);
  }
  if (inputs.empty() || replica_ == nullptr)
    return false;
  for (const auto& input : inputs)
    input(*replica_);
  content_.refresh_reachable(*replica_);
  return true;
}

/// Between two drains: before, so that the log has room for the changes; after, so that the commits are distributed, also to
/// the replica itself. Under the drain lock.
template <class Input>
void scope_state::feed_replica(Input&& input) {
  drain_locked();
  input(*replica_);
  distribute_commits();
  complete_milestones();
  deliver_arrived();
  wake_for_bulk_work();
}

void scope_state::wake_for_bulk_work() {
  if (replica_ != nullptr && replica_->busy())
    internal::deferral::later([self = shared_from_this()] { self->wake(); });
}

/// Whether there is more.
bool scope_state::do_bulk_work() {
  const auto end = clock_.now() + turn_of_bulk_work;
  bool more = true;
  while (more && clock_.now() < end) {
    const draining guard(drain_lock_);
    more = replica_ != nullptr && replica_->busy();
    if (more)
      feed_replica([&](replica& x) { more = x.step(); });
  }
  return more;
}

void scope_state::peer_up(const incarnation& peer, handle_state handles) {
  queue_input([=, this](replica& x) {
    held_.drop(peer);
    x.peer_up(peer, handles);
  });
}

void scope_state::peer_unlinked(const incarnation& peer) {
  queue_input([=, this](replica& x) {
    held_.drop(peer);
    x.peer_unlinked(peer);
  });
}

void scope_state::peer_suspect(const incarnation& peer) {
  queue_input([=](replica& x) { x.peer_suspect(peer); });
}

void scope_state::peer_alive_again(const incarnation& peer) {
  queue_input([=](replica& x) { x.peer_alive_again(peer); });
}

void scope_state::peer_down(const incarnation& peer, reason why) {
  queue_input([=, this](replica& x) {
    held_.drop(peer);
    x.peer_down(peer, why);
  });
}

void scope_state::tick(std::chrono::nanoseconds now) {
  queue_input([=](replica& x) { x.tick(now); });
}

result<void> scope_state::receive(const incarnation& peer, const frame& content) {
  auto read = replica::read(content);
  if (!read)
    return read.error();
  result<void> outcome = success();
  const draining guard(drain_lock_);
  if (replica_ != nullptr)
    feed_replica([&](replica& x) { outcome = x.receive(peer, std::move(read).value()); });
  return outcome;
}

std::optional<result<void>> scope_state::receive_at_once(const incarnation& peer, const frame& content) {
  if (listeners_->size() > 0)
    return std::nullopt;
  auto read = replica::read(content);
  if (!read)
    return result<void>{read.error()};
  std::optional<result<void>> outcome;
  {
    const draining guard(drain_lock_, std::try_to_lock);
    if (guard.owns_lock() && takes_little(peer, read.value()))
      feed_replica([&](replica& x) { outcome = x.receive(peer, std::move(read).value()); });
  }
  internal::deferral::keep(std::move(read)); // it names actors
  return outcome;
}

/// Whether a frame is applied in a moment, without code of the application and without a wait for a lock. Under the drain lock.
bool scope_state::takes_little(const incarnation& peer, const replica::incoming& what) {
  const bool is_small = std::holds_alternative<delta_message>(what.content.what) ||
                        std::holds_alternative<acknowledge_message>(what.content.what);
  if (!is_small || replica_ == nullptr || replica_->busy() || replica_->has_more_for(peer))
    return false;
  if (!observers_.are_queued() || !milestone_waits_.empty() || !held_.empty())
    return false;
  {
    const std::lock_guard guard(inputs_lock_);
    if (!inputs_.empty())
      return false;
  }
  const std::unique_lock guard(content_.lock(), std::try_to_lock);
  return guard.owns_lock() && !content_.data().log().has_events();
}

stream_place scope_state::place_of_changes() {
  const draining guard(drain_lock_);
  drain_locked();
  return replica_ != nullptr ? replica_->place() : stream_place{};
}

bool scope_state::deliver_after(const incarnation& peer, const stream_place& place, held_messages::delivery what) {
  const draining guard(drain_lock_);
  drain_locked();
  held_.add(peer, place, std::move(what));
  deliver_arrived();
  return !held_.holds(peer);
}

/// What was held for changes that are here now, behind what is told of these. Under the drain lock.
void scope_state::deliver_arrived() {
  const auto is_here = [&](const incarnation& from, const stream_place& place) {
    return replica_ == nullptr || replica_->has_reached(from, place);
  };
  if (held_.release(is_here))
    internal::deferral::later([self = shared_from_this()] { self->held_.deliver(); });
}

std::uint64_t scope_state::await_milestone(milestone what, std::function<void(const result<void>&)> done) {
  const auto number = next_waiter_.fetch_add(1, std::memory_order_relaxed);
  bool closed = false;
  {
    const std::lock_guard guard(content_.lock());
    closed = closed_;
  }
  if (closed || peers_ == nullptr) {
    done(closed ? result<void>{error(errc::scope_closed)} : success());
    return number;
  }
  const draining guard(drain_lock_);
  if (replica_ == nullptr) {
    internal::deferral::later([done = std::move(done)] { done(error(errc::scope_closed)); });
    return number;
  }
  drain_locked();
  milestone_waits_.emplace(number, milestone_wait{what, replica_->last_commit(), std::move(done)});
  if (what == milestone::replicated) {
    replica_->request_acknowledgements();
    send_to_peers();
  }
  complete_milestones();
  return number;
}

void scope_state::end_milestone(std::uint64_t number) {
  const draining guard(drain_lock_);
  internal::deferral::keep(milestone_waits_.extract(number));
}

bool scope_state::is_reached(const milestone_wait& wait) const {
  return wait.what == milestone::synced ? replica_->in_sync() : replica_->acknowledged(wait.commit);
}

/// Under the drain lock.
void scope_state::complete_milestones() {
  for (auto x = milestone_waits_.begin(); x != milestone_waits_.end();) {
    if (!is_reached(x->second)) {
      ++x;
      continue;
    }
    internal::deferral::later([done = std::move(x->second.done)] { done(success()); });
    x = milestone_waits_.erase(x);
  }
}

void scope_state::drain_node() {
  for (const auto& who : local_members())
    static_cast<void>(leave_all(who, reason::drained));
  drain();
}

std::optional<incarnation> scope_state::owner(std::uint32_t origin) {
  const draining guard(drain_lock_);
  drain_locked();
  return replica_ != nullptr ? replica_->owner(origin) : std::nullopt;
}

bool scope_state::in_sync_with(const incarnation& peer) {
  const draining guard(drain_lock_);
  drain_locked();
  return replica_ != nullptr && replica_->in_sync_with(peer);
}

replica_statistics scope_state::replica_state() {
  const draining guard(drain_lock_);
  drain_locked();
  return replica_ != nullptr ? replica_->statistics() : replica_statistics{};
}

} // namespace registry::inline v0_2
