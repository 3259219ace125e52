#include <registry/scope/internal/scope_state.hpp>

#include <utility>

// The cluster part of a scope: its relation to the scopes of its name on other nodes.

namespace registry::inline v0_2 {

/// Gives an input to the replica, between two drains: before, so that the log has room for the changes; after, so that the
/// commits are distributed, also to the replica itself.
template <class Input>
void scope_state::feed_replica(Input&& input) {
  const draining guard(drain_lock_);
  if (replica_ == nullptr)
    return;
  drain_locked();
  input(*replica_);
  drain_locked();
  complete_milestones();
}

/// Sends everything that can be sent now.
void scope_state::send_to_peers() {
  replica_->send([this](const incarnation& to, frame&& content) { peers_->send(to, std::move(content)); });
}

void scope_state::peer_up(const incarnation& peer, handle_state handles) {
  feed_replica([&](replica& x) {
    x.peer_up(peer, handles);
    content_.refresh_reachable(x);
  });
}

void scope_state::peer_unlinked(const incarnation& peer) {
  feed_replica([&](replica& x) {
    x.peer_unlinked(peer);
    content_.refresh_reachable(x);
  });
}

void scope_state::peer_suspect(const incarnation& peer) {
  feed_replica([&](replica& x) {
    x.peer_suspect(peer);
    content_.refresh_reachable(x);
  });
}

void scope_state::peer_alive_again(const incarnation& peer) {
  feed_replica([&](replica& x) {
    x.peer_alive_again(peer);
    content_.refresh_reachable(x);
  });
}

void scope_state::peer_down(const incarnation& peer, reason why) {
  feed_replica([&](replica& x) {
    x.peer_down(peer, why);
    content_.refresh_reachable(x);
  });
}

result<void> scope_state::receive(const incarnation& peer, const frame& content) {
  auto read = replica::read(content);
  if (!read)
    return read.error();
  result<void> outcome = success();
  feed_replica([&](replica& x) { outcome = x.receive(peer, std::move(read).value()); });
  return outcome;
}

void scope_state::tick(std::chrono::nanoseconds now) {
  feed_replica([&](replica& x) { x.tick(now); });
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
  return replica_ != nullptr ? replica_->owner(origin) : std::nullopt;
}

bool scope_state::in_sync_with(const incarnation& peer) {
  const draining guard(drain_lock_);
  return replica_ != nullptr && replica_->in_sync_with(peer);
}

replica_statistics scope_state::replica_state() {
  const draining guard(drain_lock_);
  return replica_ != nullptr ? replica_->statistics() : replica_statistics{};
}

} // namespace registry::inline v0_2
