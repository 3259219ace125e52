#include <registry/compat/broadcast.hpp>
#include <registry/match/parser.hpp>
#include <registry/scope/scope.hpp>
#include <registry/scope/scope_state.hpp>
#include <registry/scope/select_members.hpp>

#include <caf/node_id.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace registry {

namespace {

/// Calls `visit` with every row a specification can match, on one consistent view.
template <class Visitor>
void for_each_row(scope_state& state, const select_spec& spec, Visitor&& visit) {
  const auto visit_group = [&](const value& key, const group& entries) {
    for (const auto& held : entries)
      visit(key, held);
  };
  const auto keys = spec.bound_keys();
  if (!keys)
    return state.snapshot().for_each(visit_group);
  if (keys->size() == 1)
    return visit_group(keys->front(), state.entries().find(keys->front()));
  const auto view = state.snapshot();
  for (const auto& key : *keys)
    visit_group(key, view.find(key));
}

/// All members on one other node get the message as one between the nodes; it takes the way of the changes, which it does not
/// pass.
void deliver_to(const std::vector<const entry*>& chosen, const caf::message& content, outlet* way_out) {
  std::vector<member> here;
  std::unordered_map<caf::node_id, std::vector<member>> elsewhere;
  for (const auto* one : chosen) {
    if (one->is_local() || way_out == nullptr)
      here.push_back(one->who);
    else
      elsewhere[one->who->node()].push_back(one->who);
  }
  compat::broadcast(here, content);
  for (auto& [node, members] : elsewhere)
    way_out->fan_out(std::move(members), content);
}

} // namespace

result<std::vector<entry>> scope::match(const value& key, const matcher& which) const {
  std::vector<entry> out;
  matcher::run meets(which);
  for (const auto& held : lookup(key)) {
    if (meets(held.data))
      out.push_back(held);
  }
  return out;
}

result<std::vector<entry>> scope::match(const value& key, std::string_view which) const {
  auto spec = parse_match(which);
  if (!spec)
    return spec.error();
  return match(key, matcher{spec.value()});
}

result<std::size_t> scope::count_match(const value& key, const matcher& which) const {
  const auto entries = lookup(key);
  matcher::run meets(which);
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [&](const entry& held) { return meets(held.data); }));
}

result<std::size_t> scope::count_match(const value& key, std::string_view which) const {
  auto spec = parse_match(which);
  if (!spec)
    return spec.error();
  return count_match(key, matcher{spec.value()});
}

result<std::vector<value>> scope::select(const select_spec& spec) const {
  std::vector<value> out;
  select_run run(spec);
  for_each_row(*state_, spec, [&](const value& key, const entry& held) {
    if (auto selected = run(key, held.who, held.data))
      out.push_back(std::move(*selected));
  });
  return out;
}

result<std::vector<value>> scope::select(std::string_view spec) const {
  auto parsed = parse_select(spec);
  if (!parsed)
    return parsed.error();
  return select(parsed.value());
}

result<std::size_t> scope::count_select(const select_spec& spec) const {
  std::size_t count = 0;
  select_run run(spec);
  for_each_row(*state_, spec, [&](const value& key, const entry& held) {
    if (run.holds(key, held.who, held.data))
      ++count;
  });
  return count;
}

result<std::size_t> scope::count_select(std::string_view spec) const {
  auto parsed = parse_select(spec);
  if (!parsed)
    return parsed.error();
  return count_select(parsed.value());
}

bool scope::reachable(const entry& held) const noexcept {
  return state_->reachable(held.origin);
}

std::optional<incarnation> scope::owner(const entry& held) const {
  return state_->owner(held.origin);
}

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
  for (const auto& held : entries) {
    if (compat::is_alive(held.who) && state_->reachable(held.origin))
      candidates.push_back(&held);
  }
  const bool takes_turns = strategy.type() == dispatch_strategy::kind::round_robin && !candidates.empty();
  const auto turn = takes_turns ? state_->next_turn(key) : 0;
  const auto chosen = select_members(candidates, strategy, turn);
  deliver_to(chosen, content, state_->way_out().get());
  return chosen.size();
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

} // namespace registry
