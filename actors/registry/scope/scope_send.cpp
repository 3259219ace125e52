#include <registry/caf/internal/broadcast.hpp>
#include <registry/compat/actor.hpp>
#include <registry/scope/dispatch.hpp>
#include <registry/scope/internal/scope_state.hpp>
#include <registry/scope/scope.hpp>

#include <caf/node_id.hpp>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

namespace registry::inline v0_2 {

namespace {

/// All members on one other node get the message as a single one between the nodes, which does not overtake the changes before
/// it. Returns the number of members it was sent to.
std::size_t deliver_to(const std::vector<const entry*>& chosen, const caf::message& content, scope_state& from) {
  const auto& peers = from.peers();
  std::vector<member> here;
  std::unordered_map<caf::node_id, std::vector<member>> elsewhere;
  for (const auto* one : chosen) {
    if (one->is_local() || peers == nullptr)
      here.push_back(one->who);
    else
      elsewhere[one->who->node()].push_back(one->who);
  }
  internal::broadcast(here, content);
  auto sent = here.size();
  if (elsewhere.empty())
    return sent;
  const changes_before after{from.options().name, from.place_of_changes()};
  for (auto& [node, members] : elsewhere) {
    const auto count = members.size();
    sent += peers->fan_out(std::move(members), content, after) ? count : 0;
  }
  return sent;
}

} // namespace

std::size_t scope::dispatch(const value& key, const std::function<void(const group&)>& use) const {
  const auto entries = lookup(key);
  if (!entries.empty())
    use(entries);
  return entries.size();
}

std::size_t scope::dispatch_message(const value& key, const dispatch_strategy& strategy, const caf::message& content) const {
  const auto entries = lookup(key);
  std::vector<const entry*> candidates;
  candidates.reserve(entries.size());
  auto* const peers = state_->peers().get();
  // A suspected node mostly has many of the entries, one after the other.
  std::optional<std::pair<std::uint32_t, bool>> suspect;
  const auto accepts = [&](const entry& held) {
    if (!suspect || suspect->first != held.origin)
      suspect.emplace(held.origin, strategy.includes_suspected() && peers != nullptr && peers->accepts(held.who->node()));
    return suspect->second;
  };
  for (const auto& held : entries) {
    if ((state_->reachable(held.origin) || accepts(held)) && registry::is_alive(held.who))
      candidates.push_back(&held);
  }
  const bool takes_turns = strategy.type() == dispatch_strategy::kind::round_robin && !candidates.empty();
  const auto turn = takes_turns ? state_->next_turn(key) : 0;
  return deliver_to(select_members(candidates, strategy, turn), content, *state_);
}

result<member> scope::send_message(const value& key, const caf::message& content) const {
  auto holder = whereis(key);
  if (!holder)
    return holder;
  if (holder.value() == nullptr)
    return error(errc::not_registered);
  compat::deliver(holder.value(), content);
  return holder;
}

} // namespace registry::inline v0_2
