#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>
#include <registry/scope/internal/scope_state.hpp>

#include <chrono>
#include <thread>
#include <utility>

// Attaching the scope's actor, from which a scope gets its DOWN messages, and the end of a scope.

namespace registry::inline v0_2 {

/// The actors of this node that have an entry, once per entry.
std::vector<member> scope_state::local_members() {
  std::vector<member> out;
  auto view = snapshot();
  view.for_each([&](const value&, const group& entries) {
    for (const auto& held : entries) {
      if (held.is_local())
        out.push_back(held.who);
    }
  });
  internal::deferral::keep(std::move(view));
  return out;
}

/// The monitored actors. Under the drain lock.
std::vector<member> scope_state::monitored() const {
  std::vector<member> out;
  out.reserve(monitored_.size());
  for (auto* who : monitored_)
    out.emplace_back(who);
  return out;
}

void scope_state::attach_actor(const scope_actor& actor) {
  {
    const draining guard(drain_lock_);
    drain_locked();
    const auto before = std::exchange(observer_, as_member(actor));
    auto members = monitored();
    for (const auto& who : members) {
      compat::demonitor(who, before);
      compat::monitor(who, observer_);
    }
    internal::deferral::keep(std::move(members));
  }
  {
    const std::lock_guard guard(actor_lock_);
    actor_ = actor;
  }
  // A commit in between may have woken the predecessor in vain.
  alarm_.store(alarm::none);
  wake();
}

scope_actor scope_state::actor() const {
  const std::lock_guard guard(actor_lock_);
  return actor_;
}

void scope_state::close() {
  {
    const draining guard(drain_lock_);
    auto members = monitored();
    for (const auto& who : members)
      compat::demonitor(who, observer_);
    internal::deferral::keep(std::move(members));
    monitored_.clear();
    observer_ = nullptr;
    if (replica_ != nullptr) {
      replica_->close();
      send_to_peers();
    }
    internal::deferral::keep(std::move(replica_));
    deliver_arrived();
    internal::deferral::later([ended = std::exchange(observers_, observers{})]() mutable { ended.cancel_all(); });
    internal::deferral::later([ended = std::exchange(milestone_waits_, {})] {
      for (const auto& [number, wait] : ended)
        wait.done(error(errc::scope_closed));
    });
    const std::lock_guard writing(content_.lock());
    closed_ = true;
    internal::deferral::keep(content_.data().log().take());
    content_.data().clear();
  }
  {
    const std::lock_guard guard(actor_lock_);
    actor_ = nullptr;
  }
  collect_all();
}

/// Frees the content of a closed scope, since no later change would. Current readers leave soon, unless they do not get to
/// run; after a second the rest is left to the last handle of the scope.
void scope_state::collect_all() {
  constexpr std::chrono::seconds patience{1};
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto collect = [&] {
    const draining guard(drain_lock_);
    const std::lock_guard writing(content_.lock());
    internal::deferral::keep(content_.data().collect_now());
    return content_.data().entries().uncollected() == 0;
  };
  while (!collect() && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
}

} // namespace registry::inline v0_2
