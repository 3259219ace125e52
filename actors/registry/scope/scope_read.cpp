#include <registry/actor/handle.hpp>
#include <registry/match/internal/run.hpp>
#include <registry/match/parser.hpp>
#include <registry/scope/internal/scope_state.hpp>
#include <registry/scope/scope.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2 {

namespace {

std::vector<member> handles(const group& entries, bool local_only) {
  std::vector<member> out;
  out.reserve(entries.size());
  for (const auto& held : entries) {
    if (!local_only || held.is_local())
      out.push_back(held.who);
  }
  return out;
}

/// Calls `visit` with every row that a specification can match, on one consistent view.
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

} // namespace

group scope::lookup(const value& key) const noexcept {
  return state_->entries().find(key);
}

group scope::lookup_text(std::string_view key) const noexcept {
  return state_->entries().find(key);
}

std::vector<entry> scope::lookup_local(const value& key) const {
  std::vector<entry> out;
  for (const auto& held : lookup(key)) {
    if (held.is_local())
      out.push_back(held);
  }
  return out;
}

std::vector<member> scope::members(const value& key) const {
  return handles(lookup(key), false);
}

std::vector<member> scope::local_members(const value& key) const {
  return handles(lookup(key), true);
}

std::vector<value> scope::values(const value& key, const registrant& who) const {
  std::vector<value> out;
  for (auto& held : state_->entries().entries_of(who.get(), key))
    out.push_back(std::move(held.data));
  return out;
}

std::vector<value> scope::keys(const registrant& who) const {
  return state_->entries().keys_of(who.get());
}

std::size_t scope::count() const noexcept {
  return state_->entries().size();
}

std::size_t scope::count(const value& key) const noexcept {
  return lookup(key).size();
}

std::vector<value> scope::keys() const {
  std::vector<value> out;
  const auto view = snapshot();
  out.reserve(view.key_count());
  view.for_each([&](const value& key, const group&) { out.push_back(key); });
  return out;
}

table_snapshot scope::snapshot() const {
  return state_->snapshot();
}

result<member> scope::whereis(const value& key) const {
  if (mode() != key_mode::unique)
    return error(errc::requires_unique);
  for (const auto& held : lookup(key)) {
    if (held.is_local() && registry::is_alive(held.who))
      return held.who;
  }
  return member{};
}

result<std::vector<entry>> scope::match(const value& key, const matcher& which) const {
  std::vector<entry> out;
  internal::matcher_run meets(which);
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
  internal::matcher_run meets(which);
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
  internal::select_run run(spec);
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
  internal::select_run run(spec);
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

bool scope::reachable(const entry_id& held) const noexcept {
  return state_->reachable(held.origin);
}

std::optional<incarnation> scope::owner(const entry_id& held) const {
  return state_->owner(held.origin);
}

} // namespace registry::inline v0_2
