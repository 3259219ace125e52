#include <chat/session/roster.hpp>
#include <chat/world/person.hpp>

#include <unordered_set>
#include <utility>

namespace chat {

roster::roster(registry::member self, std::function<bool(const registry::member&)> is_here)
    : self_(std::move(self)), is_here_(std::move(is_here)) {}

// A user that is known already may have a new name that is yet to be told in the channel where it is known. The client may leave
// that channel before, so it is told now.
std::vector<sighting> roster::enter(std::size_t slot, const registry::group& entries, std::uint64_t commit) {
  std::vector<sighting> told;
  for (const auto& each : entries) {
    if (registry::same_member(each.who, self_))
      continue;
    auto [found, added] = known_.try_emplace(each.who, acquaintance{each.data, commit});
    if (!added)
      changed({slot, each.who, each.data, commit}, told);
    found->second.slots |= bit(slot);
  }
  return told;
}

void roster::leave(std::size_t slot) {
  for (auto each = known_.begin(); each != known_.end();) {
    each->second.slots &= ~bit(slot);
    each = each->second.slots == 0 ? known_.erase(each) : std::next(each);
  }
}

std::vector<sighting> roster::apply(std::size_t slot, const registry::event& change) {
  std::vector<sighting> told;
  for (const auto& each : change.entries) {
    if (registry::same_member(each.who, self_)) {
      if (change.what == registry::verb::leave)
        told.push_back({sighting::kind::removed, slot, each.data, each.data, change.why, each.who});
      continue;
    }
    observation what{slot, each.who, each.data, change.commit};
    switch (change.what) {
    case registry::verb::join:
      joined(what, told);
      break;
    case registry::verb::update:
      changed(what, told);
      break;
    case registry::verb::leave:
      left(what, change.why, told);
      break;
    }
  }
  return told;
}

std::vector<sighting> roster::catch_up(std::size_t slot, const registry::group& entries, std::uint64_t commit) {
  std::vector<sighting> told;
  std::unordered_set<registry::member, registry::member_hash, registry::member_equal> present;
  for (const auto& each : entries)
    present.insert(each.who);
  std::vector<std::pair<registry::member, registry::value>> absent;
  for (const auto& [who, one] : known_) {
    if ((one.slots & bit(slot)) != 0 && !present.contains(who))
      absent.emplace_back(who, one.data);
  }
  for (const auto& [who, data] : absent)
    left({slot, who, data, commit}, registry::reason::resync, told);
  for (const auto& each : entries) {
    if (registry::same_member(each.who, self_))
      continue;
    observation what{slot, each.who, each.data, commit};
    if (find(slot, each.who) == nullptr)
      joined(what, told);
    else
      changed(what, told);
  }
  return told;
}

const registry::value* roster::find(std::size_t slot, const registry::member& who) const {
  auto found = known_.find(who);
  if (found == known_.end() || found->second.gone || (found->second.slots & bit(slot)) == 0)
    return nullptr;
  return &found->second.data;
}

std::vector<registry::value> roster::others(std::size_t slot, const filter& which) const {
  std::vector<registry::value> result;
  for (const auto& [who, one] : known_) {
    if (!one.gone && (one.slots & bit(slot)) != 0 && (!which || which(who)))
      result.push_back(one.data);
  }
  return result;
}

void roster::joined(const observation& what, std::vector<sighting>& told) {
  auto [found, added] = known_.try_emplace(what.who, acquaintance{what.data, what.commit});
  auto& one = found->second;
  if (one.gone)
    one = {what.data, what.commit};
  else if (!added)
    changed(what, told);
  if ((one.slots & bit(what.slot)) == 0)
    told.push_back({sighting::kind::joined, what.slot, one.data, one.data, registry::reason::explicit_request, what.who});
  one.slots |= bit(what.slot);
}

// The same news comes once for each channel: only the first is any.
void roster::changed(const observation& what, std::vector<sighting>& told) {
  auto found = known_.find(what.who);
  if (found == known_.end() || found->second.gone || found->second.commit >= what.commit)
    return;
  found->second.commit = what.commit;
  auto before = std::exchange(found->second.data, what.data);
  if (text_in(before, "nick") != text_in(what.data, "nick"))
    told.push_back({sighting::kind::renamed, what.slot, what.data, before, registry::reason::explicit_request, what.who});
}

void roster::left(const observation& what, registry::reason why, std::vector<sighting>& told) {
  auto found = known_.find(what.who);
  if (found == known_.end() || (found->second.slots & bit(what.slot)) == 0)
    return;
  auto& one = found->second;
  if (!one.gone) {
    one.gone = means_quit(what.who, what.data, why);
    told.push_back(
        {one.gone ? sighting::kind::quit : sighting::kind::parted, what.slot, what.data, one.data, why, what.who});
  }
  one.slots &= ~bit(what.slot);
  if (one.slots == 0)
    known_.erase(found);
}

bool roster::means_quit(const registry::member& who, const registry::value& data, registry::reason why) const {
  switch (why) {
  case registry::reason::explicit_request:
    return has_text(data, "quit");
  case registry::reason::resync:
    return !is_here_(who);
  default:
    return true;
  }
}

} // namespace chat
