#include <chat/irc/names.hpp>
#include <chat/session/namesakes.hpp>
#include <chat/world/person.hpp>
#include <chat/world/precedence.hpp>

#include <algorithm>
#include <utility>

namespace chat {

namespace {

std::string name_in(const registry::value& data) {
  return irc::fold(text_in(data, "nick"));
}

} // namespace

namesakes::sightings namesakes::own_name(std::string_view nick) {
  sightings told;
  auto before = std::exchange(own_, irc::fold(nick));
  if (before == own_)
    return told;
  if (auto other = shown_.find(own_); other != shown_.end()) {
    auto hidden = known_.find(other->second);
    hide(hidden, hidden->second.data, told);
  }
  promote(before, told);
  return told;
}

namesakes::sightings namesakes::enter(std::size_t slot, const registry::member& who, const registry::value& data) {
  sightings told;
  auto [found, added] = known_.try_emplace(who, acquaintance{data});
  if (added)
    hidden_.push_back(who);
  // With no slot yet it comes in silently: it will be among the names.
  if (!found->second.shown && win(found, told))
    show(found, told);
  found->second.slots |= bit(slot);
  return told;
}

namesakes::sightings namesakes::leave(std::size_t slot) {
  sightings told;
  std::vector<registry::member> absent;
  for (auto& [who, one] : known_) {
    one.slots &= ~bit(slot);
    if (one.slots == 0)
      absent.push_back(who);
  }
  for (const auto& who : absent)
    forget(known_.find(who), told);
  return told;
}

namesakes::sightings namesakes::filter(sightings news) {
  sightings told;
  told.reserve(news.size());
  for (const auto& each : news) {
    switch (each.what) {
    case sighting::kind::joined:
      joined(each, told);
      break;
    case sighting::kind::renamed:
      renamed(each, told);
      break;
    case sighting::kind::parted:
      parted(each, told);
      break;
    case sighting::kind::quit:
      quit(each, told);
      break;
    case sighting::kind::removed:
    case sighting::kind::collided:
      told.push_back(each);
    }
  }
  return told;
}

bool namesakes::shows(const registry::member& who) const {
  auto found = known_.find(who);
  return found != known_.end() && found->second.shown;
}

void namesakes::joined(const sighting& what, sightings& told) {
  auto [found, added] = known_.try_emplace(what.who);
  if (added)
    hidden_.push_back(what.who);
  found->second.data = what.data;
  found->second.slots |= bit(what.slot);
  if (found->second.shown)
    told.push_back(what);
  else if (win(found, told))
    show(found, told);
}

void namesakes::renamed(const sighting& what, sightings& told) {
  auto found = known_.find(what.who);
  if (found == known_.end())
    return;
  auto& one = found->second;
  auto before = name_in(one.data);
  auto old = std::exchange(one.data, what.data);
  if (!one.shown) {
    if (win(found, told))
      show(found, told);
    return;
  }
  if (name_in(one.data) == before)
    return told.push_back(what);
  shown_.erase(before);
  if (win(found, told)) {
    shown_.insert_or_assign(name_in(one.data), what.who);
    told.push_back(what);
  } else {
    hide(found, old, told);
  }
  promote(before, told);
}

void namesakes::parted(const sighting& what, sightings& told) {
  auto found = known_.find(what.who);
  if (found == known_.end())
    return;
  if (found->second.shown)
    told.push_back(what);
  found->second.slots &= ~bit(what.slot);
  if (found->second.slots == 0)
    forget(found, told);
}

void namesakes::quit(const sighting& what, sightings& told) {
  auto found = known_.find(what.who);
  if (found == known_.end())
    return;
  if (found->second.shown)
    told.push_back(what);
  forget(found, told);
}

/// Whether somebody may be seen under its name now. If so nobody else is, when this returns.
bool namesakes::win(iterator who, sightings& told) {
  auto name = name_in(who->second.data);
  if (name == own_)
    return false;
  auto holder = shown_.find(name);
  if (holder == shown_.end())
    return true;
  auto other = known_.find(holder->second);
  if (!outranks(claim_in(who->first, who->second.data), claim_in(other->first, other->second.data)))
    return false;
  hide(other, other->second.data, told);
  return true;
}

void namesakes::show(iterator who, sightings& told) {
  auto& [member, one] = *who;
  one.shown = true;
  shown_.insert_or_assign(name_in(one.data), member);
  std::erase_if(hidden_, [&](const auto& each) { return registry::same_member(each, who->first); });
  for (std::size_t slot = 0; slot < roster::max_channels; ++slot) {
    if ((one.slots & bit(slot)) != 0)
      told.push_back({sighting::kind::joined, slot, one.data, one.data, registry::reason::explicit_request, member});
  }
}

/// `before` is how the client knows it.
void namesakes::hide(iterator who, const registry::value& before, sightings& told) {
  auto& [member, one] = *who;
  one.shown = false;
  if (auto held = shown_.find(name_in(before)); held != shown_.end() && registry::same_member(held->second, member))
    shown_.erase(held);
  hidden_.push_back(member);
  told.push_back({sighting::kind::collided, 0, one.data, before, registry::reason::explicit_request, member});
}

/// The name has become free: the best of those who wait for it comes in.
void namesakes::promote(const std::string& name, sightings& told) {
  if (name.empty())
    return;
  auto best = known_.end();
  for (const auto& each : hidden_) {
    auto one = known_.find(each);
    if (name_in(one->second.data) != name)
      continue;
    if (best == known_.end() || outranks(claim_in(each, one->second.data), claim_in(best->first, best->second.data)))
      best = one;
  }
  if (best != known_.end() && win(best, told))
    show(best, told);
}

void namesakes::forget(iterator who, sightings& told) {
  auto name = name_in(who->second.data);
  auto was_shown = who->second.shown;
  if (was_shown)
    shown_.erase(name);
  else
    std::erase_if(hidden_, [&](const auto& each) { return registry::same_member(each, who->first); });
  known_.erase(who);
  if (was_shown)
    promote(name, told);
}

} // namespace chat
