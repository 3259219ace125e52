#include <registry/caf/internal/actor_thread.hpp>
#include <registry/match/parser.hpp>
#include <registry/scope/internal/scope_state.hpp>
#include <registry/scope/scope.hpp>
#include <registry/time/deadline.hpp>

#include <future>
#include <span>
#include <utility>

namespace registry::inline v0_2 {

namespace {

/// The entries of a member that this node may change: its own.
std::vector<entry> own_entries(const table& entries, const value& key, const member& who) {
  auto out = entries.entries_of(who, key);
  std::erase_if(out, [](const entry& held) { return !held.is_local(); });
  return out;
}

std::vector<member> handles(std::initializer_list<registrant> members) {
  std::vector<member> out;
  out.reserve(members.size());
  for (const auto& one : members)
    out.push_back(one.get());
  return out;
}

} // namespace

const std::string& scope::name() const noexcept {
  return state_->options().name;
}

key_mode scope::mode() const noexcept {
  return state_->options().mode;
}

scope_actor scope::actor() const {
  return state_->actor();
}

// -- Changes --------------------------------------------------------------------------------------------------------------

result<void> scope::join(const value& key, const registrant& who, const value& data) const {
  if (auto checked = state_->check_member(who.get()); !checked)
    return checked;
  return join_checked(key, std::span{&who.get(), 1}, data);
}

result<void> scope::join(const value& key, const std::vector<member>& members, const value& data) const {
  for (const auto& who : members) {
    if (auto checked = state_->check_member(who); !checked)
      return checked;
  }
  return join_checked(key, members, data);
}

result<void> scope::join(const value& key, std::initializer_list<registrant> members, const value& data) const {
  return join(key, handles(members), data);
}

result<void> scope::join_checked(const value& key, std::span<const member> members, const value& data) const {
  const auto size = store::measure(key, data);
  if (!size)
    return size.error();
  return state_->commit([&](store& entries) { return entries.join(key, members, data, size.value()); });
}

result<void> scope::leave(const value& key, const registrant& who) const {
  return state_->commit([&](store& entries) { return entries.leave(key, std::span{&who.get(), 1}); });
}

result<void> scope::leave(const value& key, const std::vector<member>& members) const {
  return state_->commit([&](store& entries) { return entries.leave(key, members); });
}

result<void> scope::leave(const value& key, std::initializer_list<registrant> members) const {
  return leave(key, handles(members));
}

result<std::size_t> scope::leave_all(const registrant& who) const {
  return state_->leave_all(who.get(), reason::explicit_request);
}

result<void> scope::update_value(const value& key, const registrant& who, const value& data) const {
  const auto size = store::measure(key, data);
  if (!size)
    return size.error();
  return state_->commit([&](store& entries) { return entries.update(key, who.get(), data, size.value()); });
}

result<void> scope::transform_value(const value& key, const registrant& who,
                                    const std::function<result<value>(const value&)>& change) const {
  for (;;) {
    std::vector<store::replacement> changes;
    for (const auto& held : own_entries(state_->entries(), key, who.get())) {
      auto changed = change(held.data);
      if (!changed)
        return changed.error();
      changes.push_back({held.position, held.data, std::move(changed).value()});
    }
    if (changes.empty())
      return error(errc::not_joined);
    std::size_t bytes = 0;
    for (const auto& one : changes) {
      const auto size = store::measure(key, one.data);
      if (!size)
        return size.error();
      if (auto checked = size.value().check(changes.size()); !checked)
        return checked;
      bytes += size.value().bytes();
    }
    auto done =
        state_->commit([&](store& entries) -> result<bool> { return entries.update_if(key, who.get(), changes, bytes); });
    if (!done)
      return done.error();
    if (done.value())
      return success();
  }
}

result<std::size_t> scope::unregister_match(const value& key, const registrant& who, const matcher& which) const {
  for (;;) {
    std::vector<store::removal> matching;
    for (const auto& held : own_entries(state_->entries(), key, who.get())) {
      if (which(held.data))
        matching.push_back({held.position, held.data});
    }
    auto done = state_->commit([&](store& entries) -> result<bool> { return entries.leave_if(key, who.get(), matching); });
    if (!done)
      return done.error();
    if (done.value())
      return matching.size();
  }
}

result<std::size_t> scope::unregister_match(const value& key, const registrant& who, std::string_view which) const {
  auto spec = parse_match(which);
  if (!spec)
    return spec.error();
  return unregister_match(key, who, matcher{spec.value()});
}

result<bool> scope::register_name(const value& key, const registrant& who, const value& data) const {
  auto joined = join(key, who, data);
  if (joined)
    return true;
  if (joined.error() == errc::already_registered)
    return false;
  return joined.error();
}

result<void> scope::unregister_name(const value& key) const {
  if (auto left = state_->leave_key(key); !left)
    return left.error();
  return success();
}

// -- Metadata -------------------------------------------------------------------------------------------------------------

result<void> scope::put_meta(const value& name, const value& data) const {
  return state_->put_meta(name, data);
}

std::optional<value> scope::meta(const value& name) const {
  const auto content = state_->metadata().find(name);
  if (content.empty())
    return std::nullopt;
  return content[0].data;
}

result<void> scope::delete_meta(const value& name) const {
  return state_->delete_meta(name);
}

// -- Subscriptions --------------------------------------------------------------------------------------------------------

result<subscription_start> scope::monitor(const value& key, const registrant& subscriber) const {
  return state_->subscribe(key, subscriber.get());
}

result<subscription_start> scope::monitor_scope(const registrant& subscriber) const {
  return state_->subscribe(std::nullopt, subscriber.get());
}

result<void> scope::demonitor(subscription_ref reference) const {
  return state_->unsubscribe(reference);
}

namespace {

bool would_block_actors(std::chrono::milliseconds timeout) noexcept {
  return timeout > std::chrono::milliseconds::zero() && internal::is_actor_thread();
}

} // namespace

result<group> scope::wait_for_key(const value& key, std::chrono::milliseconds timeout) const {
  if (would_block_actors(timeout))
    return internal::blocks_actors("scope::wait_for_key", "awaitable_scope(self, scope).await_key(key, timeout)");
  const auto arrival = std::make_shared<std::promise<result<group>>>();
  auto arrived = arrival->get_future();
  const auto number = state_->await(key, [arrival](const result<group>& entries) { arrival->set_value(entries); });
  const bool in_time = arrived.wait_until(deadline_after(timeout)) == std::future_status::ready;
  state_->end_await(number, key);
  // It may have arrived between the end of the time limit and the end of the wait.
  if (in_time || arrived.wait_for(std::chrono::seconds{0}) == std::future_status::ready)
    return arrived.get();
  return error(errc::timeout, "no actor joined " + to_string(key) + " within the time limit");
}

namespace {

result<void> wait_for(scope_state& state, scope_state::milestone what, std::chrono::milliseconds timeout) {
  const auto arrival = std::make_shared<std::promise<result<void>>>();
  auto arrived = arrival->get_future();
  const auto number = state.await_milestone(what, [arrival](const result<void>& x) { arrival->set_value(x); });
  const bool in_time = arrived.wait_until(deadline_after(timeout)) == std::future_status::ready;
  state.end_milestone(number);
  if (in_time || arrived.wait_for(std::chrono::seconds{0}) == std::future_status::ready)
    return arrived.get();
  return error(errc::timeout, "not all linked nodes were in sync within the time limit; retry or allow more time");
}

} // namespace

result<void> scope::wait_synced(std::chrono::milliseconds timeout) const {
  if (would_block_actors(timeout))
    return internal::blocks_actors("scope::wait_synced", "awaitable_scope(self, scope).await_synced(timeout)");
  return wait_for(*state_, scope_state::milestone::synced, timeout);
}

result<void> scope::wait_replicated(std::chrono::milliseconds timeout) const {
  if (would_block_actors(timeout))
    return internal::blocks_actors("scope::wait_replicated", "awaitable_scope(self, scope).await_replicated(timeout)");
  return wait_for(*state_, scope_state::milestone::replicated, timeout);
}

void scope::flush() const {
  state_->flush();
}

} // namespace registry::inline v0_2
