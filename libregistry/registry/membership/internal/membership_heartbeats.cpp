#include <registry/membership/internal/membership.hpp>

#include <algorithm>
#include <utility>

// What a membership hears of other nodes, and what it says to them.

namespace registry::inline v0_2 {

namespace {

/// The number of peers in a heartbeat without news, in case a node has missed one.
constexpr std::size_t names_without_news = 1;

} // namespace

void membership::heartbeat_received(link_id link, const heartbeat& content, instant now) {
  const auto found = links_.find(link);
  if (found == links_.end())
    return;
  auto& x = *found->second;
  if (leaving_) {
    if (content.leaving) {
      actions_.emplace_back(action::close{link});
      unlink(x.second);
    }
    return;
  }
  if (content.leaving)
    return go_down(x, down_reason::drained);
  show_life(x, now);
  for (const auto& node : content.nodes)
    learn(node, now);
}

void membership::heard(link_id link, instant when) {
  if (const auto found = links_.find(link); found != links_.end() && !leaving_)
    show_life(*found->second, when);
}

void membership::show_life(peers::value_type& x, instant when) {
  if (when <= x.second.heard)
    return;
  x.second.heard = when;
  if (x.second.state == peer_state::suspect && x.second.complete) {
    x.second.state = peer_state::alive;
    actions_.emplace_back(action::peer_alive_again{x.first});
  }
}

void membership::learn(const known_node& node, instant now) {
  if (node.who == options_.self)
    return;
  // Whoever else is said to listen at our own address has ceased to, unless that is said for long.
  if (node.where == options_.advertised)
    return note_claim(node.who, now);
  auto* x = find_or_add(node.who, now);
  if (x == nullptr || x->second.state != peer_state::known || x->second.link != 0)
    return;
  x->second.where = node.where;
  x->second.heard = now;
}

void membership::send_heartbeats() {
  action::send_heartbeats out;
  std::vector<known_node> linked;
  for (const auto& [who, x] : peers_) {
    if (!x.complete)
      continue;
    linked.push_back({who, x.where});
    out.links.push_back(x.link);
  }
  if (linked.empty())
    return;
  const bool news = rounds_of_news_ > 0;
  rounds_of_news_ -= news ? 1 : 0;
  const auto names = std::min(linked.size(), news ? heartbeat::max_nodes : names_without_news);
  std::sort(linked.begin(), linked.end(), [](const known_node& a, const known_node& b) { return a.who < b.who; });
  const auto from = std::upper_bound(linked.begin(), linked.end(), last_named_,
                                     [](const incarnation& a, const known_node& b) { return a < b.who; });
  std::rotate(linked.begin(), from, linked.end());
  linked.resize(names);
  last_named_ = linked.back().who;
  out.content = {false, std::move(linked)};
  actions_.emplace_back(std::move(out));
}

void membership::leave() {
  if (std::exchange(leaving_, true))
    return;
  std::vector<link_id> complete;
  for (const auto& [link, x] : links_) {
    if (x->second.complete)
      complete.push_back(link);
  }
  if (!complete.empty())
    say_goodbye(std::move(complete));
}

void membership::say_goodbye(std::vector<link_id> links) {
  actions_.emplace_back(action::send_heartbeats{std::move(links), {true, {}}});
}

} // namespace registry::inline v0_2
