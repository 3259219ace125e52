#include <registry/membership/internal/peer_clocks.hpp>

#include <algorithm>

namespace registry::inline v0_2 {

void peer_clocks::begin_round(instant now, wall_time wall) {
  // An echo names a round by this time, so two of one time would be one.
  if (!rounds_.empty() && rounds_.back().wall == wall)
    rounds_.pop_back();
  rounds_.push_back({wall, now});
  if (rounds_.size() > remembered)
    rounds_.pop_front();
}

clock_stamp peer_clocks::stamp_for(const incarnation& peer, instant now) const {
  clock_stamp out;
  out.sent = rounds_.empty() ? wall_time{} : rounds_.back().wall;
  if (const auto found = peers_.find(peer); found != peers_.end()) {
    out.echo = found->second.last_heard;
    out.held = std::max(instant{}, now - found->second.heard_at);
  }
  return out;
}

void peer_clocks::received(const incarnation& peer, const clock_stamp& said, instant now, wall_time wall) {
  auto& x = peers_[peer];
  x.last_heard = said.sent;
  x.heard_at = now;
  const auto sent = std::find_if(rounds_.rbegin(), rounds_.rend(), [&](const round& one) { return one.wall == said.echo; });
  if (said.echo == wall_time{} || sent == rounds_.rend())
    return;
  const auto round_trip = now - sent->at - said.held;
  if (round_trip < instant{})
    return;
  x.measured[x.count++ % measurements] = {said.sent + round_trip / 2 - wall, round_trip};
}

std::optional<clock_estimate> peer_clocks::estimate_of(const incarnation& peer) const {
  const auto found = peers_.find(peer);
  if (found == peers_.end() || found->second.count == 0)
    return std::nullopt;
  const auto& x = found->second;
  const auto end = x.measured.begin() + static_cast<std::ptrdiff_t>(std::min(x.count, measurements));
  return *std::min_element(x.measured.begin(), end,
                           [](const auto& a, const auto& b) { return a.round_trip < b.round_trip; });
}

} // namespace registry::inline v0_2
