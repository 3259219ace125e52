#include <registry/membership/internal/membership.hpp>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace registry::inline v0_2 {

namespace {

constexpr std::chrono::minutes forgetting_interval{1};
// Links in a row that end before they are complete: a node that is stopped ends one.
constexpr unsigned unfinished_told = 3;

bool is_up(membership::peer_state x) {
  return x == membership::peer_state::alive || x == membership::peer_state::suspect;
}

} // namespace

membership::membership(membership_options options)
    : options_(std::move(options)), plan_(options_.backoff, options_.seed ^ options_.self.low) {
  assert(options_.self);
}

void membership::start(const std::vector<node_address>& seeds, instant now) {
  seeds_ = seeds;
  next_heartbeat_ = now + options_.heartbeat_interval;
  last_tick_ = now;
  dial_due(now);
}

std::vector<membership_action> membership::take_actions() {
  return std::exchange(actions_, {});
}

// -- links ------------------------------------------------------------------------------------------------------------------

bool membership::is_heard(const peer& x, instant now) const {
  return now - x.heard <= 2 * options_.heartbeat_interval;
}

bool membership::prefers_new(const peer& who, const link_info& added, instant now) const {
  if (!is_heard(who, now))
    return true;
  if (added.dialled_by == who.info.dialled_by)
    return added.dial > who.info.dial;
  return added.dialled_by < who.info.dialled_by;
}

std::optional<dial_failure> membership::objection(const link_info& info, instant now) {
  if (info.peer == options_.self)
    return dial_failure::self;
  const auto found = peers_.find(info.peer);
  if (leaving_ || (found != peers_.end() && found->second.state == peer_state::left))
    return dial_failure::unreachable;
  const bool linked = found != peers_.end() && found->second.link != 0;
  if (linked && info.dialled_by == options_.self && (found->second.state == peer_state::alive || !found->second.complete)) {
    // The address that was dialled is another one of this peer, or one of several nodes. Its link may be quiet for a moment.
    if (const auto dialled = plan_.target_of(info.dial))
      plan_.note_answer(*dialled, info.peer);
    return dial_failure::duplicate_link;
  }
  if (linked && !prefers_new(found->second, info, now))
    return dial_failure::duplicate_link;
  // A dial of ours that takes long may never arrive: the peer can perhaps dial, but not be dialled.
  const auto ours = info.dialled_by == info.peer ? plan_.under_way_since(info.peer_address) : std::nullopt;
  const bool crosses = ours && now - *ours < options_.crossing_patience;
  return crosses && options_.self < info.peer ? std::optional{dial_failure::duplicate_link} : std::nullopt;
}

void membership::link_begun(link_id link, const link_info& info, instant now) {
  assert(info.dialled_by == info.peer || info.dialled_by == options_.self);
  const bool ours = info.dialled_by == options_.self;
  if (info.peer == options_.self) {
    if (const auto dialled = plan_.target_of(info.dial)) {
      plan_.note_answer(*dialled, options_.self);
      plan_.failed(*dialled, dial_failure::self, now);
    }
    actions_.emplace_back(action::close{link});
    return;
  }
  const auto dialled = ours ? plan_.answered(info.dial, info.peer, now) : std::nullopt;
  // Who has left may answer while it ends, and its successor may have linked already.
  if (dialled && state_of(info.peer) != peer_state::left)
    supplant(info.peer, *dialled, true);
  auto* x = find_or_add(info.peer, now);
  // A peer that has seen this node should see it leave.
  const bool refused = x == nullptr || x->second.state == peer_state::left || (leaving_ && !is_up(x->second.state));
  if (refused || (x->second.link != 0 && !prefers_new(x->second, info, now))) {
    actions_.emplace_back(action::close{link});
    return;
  }
  supplant(info.peer, info.peer_address, ours && dialled == info.peer_address);
  adopt(*x, link, info, now);
}

void membership::adopt(peers::value_type& x, link_id link, const link_info& info, instant now) {
  auto& [who, found] = x;
  if (found.link != 0)
    actions_.emplace_back(action::close{found.link});
  unlink(found);
  found.link = link;
  found.info = info;
  found.complete = false;
  found.where = info.peer_address;
  found.name = info.peer_name;
  found.replaced = false;
  found.undialable = info.dialled_by == who && (found.undialable || found.refused);
  found.refused = false;
  found.linked_at = now;
  found.heard = now;
  links_.emplace(link, &x);
  if (++linked_at_[found.where] == 2)
    shared_.try_emplace(found.where, now);
  if (found.where == options_.advertised)
    note_claim(who, now);
}

void membership::link_complete(link_id link, instant now) {
  const auto at = links_.find(link);
  if (at == links_.end() || std::exchange(at->second->second.complete, true))
    return;
  if (leaving_)
    return say_goodbye({link});
  auto& [who, found] = *at->second;
  found.heard = now;
  found.in_use = true;
  found.unfinished = 0;
  const auto before = std::exchange(found.state, peer_state::alive);
  if (!is_up(before))
    actions_.emplace_back(action::peer_up{who});
  // Twice, because the new peer may miss some of the first time.
  rounds_of_news_ = 2 * (1 + links_.size() / heartbeat::max_nodes);
  actions_.emplace_back(action::use_link{who, link});
  if (before == peer_state::suspect)
    actions_.emplace_back(action::peer_alive_again{who});
}

/// A node answers at an address or claims it: other nodes that claimed it and have no link are gone. If it did answer there,
/// those with a link are gone, too.
void membership::supplant(const incarnation& by, const node_address& where, bool answered) {
  for (auto& x : peers_) {
    auto& [who, found] = x;
    if (who == by || found.where != where || (found.link != 0 && !answered))
      continue;
    found.replaced = true;
    if (is_up(found.state))
      go_down(x, down_reason::replaced);
  }
}

void membership::unlink(peer& x) {
  x.complete = false;
  if (links_.erase(std::exchange(x.link, 0)) == 0)
    return;
  if (const auto at = linked_at_.find(x.where); --at->second == 0)
    linked_at_.erase(at);
}

void membership::go_down(peers::value_type& x, down_reason why) {
  auto& [who, found] = x;
  if (found.link != 0)
    actions_.emplace_back(action::close{found.link});
  unlink(found);
  found.in_use = false;
  const auto before = std::exchange(found.state, why == down_reason::drained ? peer_state::left : peer_state::down);
  if (is_up(before))
    actions_.emplace_back(action::peer_down{who, why});
}

void membership::link_down(link_id link, link_end how, instant now, std::string_view detail) {
  const auto found = links_.find(link);
  if (found == links_.end())
    return;
  auto& lost = *found->second;
  auto& [who, x] = lost;
  const bool was_complete = x.complete;
  unlink(x);
  if (leaving_)
    return;
  if (!was_complete && ++x.unfinished == unfinished_told)
    actions_.emplace_back(
        action::warn{"the links with node " + label_of(who) + " end before they are complete: " + std::string{detail}});
  if (linked_at_.contains(x.where)) {
    // Its successor was linked before the loss was noticed (see `supplant`), and there is no other node to dial.
    x.replaced = true;
    return is_up(x.state) ? go_down(lost, down_reason::replaced) : void();
  }
  if (x.state == peer_state::alive) {
    x.state = peer_state::suspect;
    actions_.emplace_back(action::peer_suspect{who});
  }
  if (std::exchange(x.in_use, false))
    actions_.emplace_back(action::lose_link{who});
  // Both ends dial at once: a crashed peer refuses, and is known to be down without waiting for its silence.
  x.dial_from = now;
  const bool short_lived = how == link_end::failed || now - x.linked_at < options_.heartbeat_interval;
  plan_.broken(x.where, short_lived, now);
  dial_due(now);
}

membership::peers::value_type* membership::find_or_add(const incarnation& who, instant now) {
  if (const auto found = peers_.find(who); found != peers_.end())
    return &*found;
  if (peers_.size() >= options_.max_known && !make_room())
    return nullptr;
  peer added;
  added.heard = now;
  added.dial_from = options_.self < who ? now : now + options_.dial_patience;
  return &*peers_.emplace(who, std::move(added)).first;
}

/// Forgets the node that has not been heard of for the longest time, among those without a link that are not suspect.
bool membership::make_room() {
  const auto removable = [](const peer& x) { return x.link == 0 && !is_up(x.state); };
  auto oldest = peers_.end();
  for (auto x = peers_.begin(); x != peers_.end(); ++x) {
    if (removable(x->second) && (oldest == peers_.end() || x->second.heard < oldest->second.heard))
      oldest = x;
  }
  if (oldest == peers_.end())
    return false;
  peers_.erase(oldest);
  return true;
}

// -- time -------------------------------------------------------------------------------------------------------------------

void membership::tick(instant now) {
  if (leaving_)
    return;
  excuse_own_lateness(now);
  judge_silence(now);
  if (now >= next_heartbeat_) {
    next_heartbeat_ = now + options_.heartbeat_interval;
    send_heartbeats();
  }
  dial_due(now);
  forget_old(now);
  warn_of_shared_addresses(now);
  tell_number_of_refusals(now);
}

void membership::excuse_own_lateness(instant now) {
  const auto late = last_tick_ ? now - *last_tick_ - options_.tick_interval : instant{};
  last_tick_ = now;
  if (late <= options_.starved_after)
    return;
  for (auto& [who, x] : peers_)
    x.heard = std::min(now, x.heard + late);
}

void membership::judge_silence(instant now) {
  for (auto& x : peers_) {
    auto& found = x.second;
    const auto silence = now - found.heard;
    if (!is_up(found.state))
      continue;
    if (silence >= options_.down_after) {
      go_down(x, down_reason::lost);
    } else if (found.state == peer_state::alive && silence >= options_.suspect_after) {
      found.state = peer_state::suspect;
      actions_.emplace_back(action::peer_suspect{x.first});
    }
  }
}

void membership::forget_old(instant now) {
  std::erase_if(peers_, [&](const auto& x) {
    const auto& found = x.second;
    return found.link == 0 && !is_up(found.state) && now - found.heard >= options_.forget_after;
  });
  // A peer may name any number of nodes.
  const bool is_full = plan_.size() > 2 * (options_.max_known + seeds_.size());
  if (now < next_forgetting_ && !is_full)
    return;
  next_forgetting_ = now + forgetting_interval;
  // Of an address that no known node has, nobody has spoken for as long.
  auto kept = seeds_;
  for (const auto& [who, x] : peers_)
    kept.push_back(x.where);
  std::sort(kept.begin(), kept.end());
  plan_.forget_others(kept);
}

// -- questions --------------------------------------------------------------------------------------------------------------

membership::peer_state membership::state_of(const incarnation& who) const {
  const auto found = peers_.find(who);
  return found == peers_.end() ? peer_state::unknown : found->second.state;
}

link_id membership::link_of(const incarnation& who) const {
  const auto found = peers_.find(who);
  return found == peers_.end() ? 0 : found->second.link;
}

std::vector<link_id> membership::quiet_links(instant now) const {
  std::vector<link_id> out;
  for (const auto& [link, x] : links_) {
    if (now - x->second.heard > options_.heartbeat_interval)
      out.push_back(link);
  }
  return out;
}

std::string membership::name_of(const incarnation& who) const {
  const auto found = peers_.find(who);
  return found == peers_.end() ? std::string{} : found->second.name;
}

std::string membership::label_of(const incarnation& who) const {
  const auto found = peers_.find(who);
  return found == peers_.end() ? v0_2::label_of(who, {}, {}) : v0_2::label_of(who, found->second.where, found->second.name);
}

std::vector<known_node> membership::present() const {
  std::vector<known_node> out;
  for (const auto& [who, x] : peers_) {
    if (is_up(x.state))
      out.push_back({who, x.where});
  }
  return out;
}

} // namespace registry::inline v0_2
