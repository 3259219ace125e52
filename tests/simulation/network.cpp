#include <simulation/network.hpp>

#include <algorithm>
#include <utility>

namespace registry::simulation {

namespace {

using std::chrono::milliseconds;

constexpr instant retry = milliseconds{100};

} // namespace

network::network(event_queue& time, random_source& random, network_user& user, std::size_t nodes)
    : time_(time), random_(random), user_(user), nodes_(nodes), blocked_(nodes * nodes, false) {}

instant network::delay() {
  return instant{random_.between(50'000, static_cast<std::uint64_t>(slowest_.count()))};
}

link_id network::connect(std::size_t a, std::size_t b) {
  auto added = std::make_unique<connection>();
  added->ends[0].node = a;
  added->ends[0].who = user_.who(a);
  added->ends[1].node = b;
  added->ends[1].who = user_.who(b);
  connections_.push_back(std::move(added));
  live_.push_back(connections_.size() - 1);
  return 2 * (connections_.size() - 1) + 1;
}

void network::open(link_id link) {
  auto& mine = connection_of(link).ends[side_of(link)];
  mine.opened = true;
  mine.open = true;
}

void network::send(link_id link, message what) {
  auto& c = connection_of(link);
  if (!c.ends[side_of(link)].open || c.dead)
    return;
  if (what.what == message::kind::frame && loss_ != 0 && random_.percent(loss_))
    return;
  push(link, std::move(what));
}

void network::push(link_id link, message what) {
  auto& mine = connection_of(link).ends[side_of(link)];
  mine.cost += what.cost();
  mine.sent.push_back(std::move(what));
  if (!std::exchange(mine.moving, true))
    time_.after(delay(), [this, link] { move(link); });
}

/// Takes the first message of a direction to the other end.
void network::move(link_id link) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  auto& theirs = c.ends[1 - side_of(link)];
  const bool same = user_.who(theirs.node) == theirs.who;
  const bool waits = blocked(mine.node, theirs.node) || (same && (!user_.runs(theirs.node) || !theirs.opened));
  if (waits && !(same && theirs.ended)) {
    time_.after(retry, [this, link] { move(link); });
    return;
  }
  if (mine.sent.empty()) {
    mine.moving = false;
    return;
  }
  auto next = std::move(mine.sent.front());
  mine.sent.pop_front();
  mine.cost -= next.cost();
  // The next messages follow closely: a connection is a pipe.
  if (mine.sent.empty())
    mine.moving = false;
  else
    time_.after(delay() / 16, [this, link] { move(link); });
  if (same)
    deliver(other(link), next);
  if (next.what == message::kind::frame) {
    mine.recent.push_back(std::move(next));
    if (mine.recent.size() > 3)
      mine.recent.pop_front();
  }
}

void network::deliver(link_id link, const message& what) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  if (what.what == message::kind::end)
    end_of(link);
  else if (mine.open)
    user_.arrived(mine.node, link, what);
  else if (mine.opened)
    user_.straggler(mine.node, c.ends[1 - side_of(link)].who, what);
}

/// This end learns that the other has gone.
void network::end_of(link_id link) {
  auto& mine = connection_of(link).ends[side_of(link)];
  if (std::exchange(mine.open, false))
    user_.ended(mine.node, link);
}

void network::close(link_id link) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  mine.open = false;
  haunt(link);
  if (!std::exchange(mine.ended, true))
    push(link, {message::kind::end, 0, {}, {}});
}

void network::crashed(std::size_t node, bool silently) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    for (std::size_t side = 0; side < 2; ++side) {
      auto& mine = connections_[i]->ends[side];
      if (mine.node != node || mine.ended)
        continue;
      mine.open = false;
      mine.opened = false;
      mine.ended = true;
      if (!silently)
        push(2 * i + side + 1, {message::kind::end, 0, {}, {}});
    }
  }
}

void network::break_one() {
  const auto both_open = [&](std::size_t i) { return connections_[i]->ends[0].open && connections_[i]->ends[1].open; };
  std::erase_if(live_, [&](std::size_t i) { return connections_[i]->ends[0].ended && connections_[i]->ends[1].ended; });
  if (live_.empty())
    return;
  const auto chosen = live_[random_.below(live_.size())];
  if (!both_open(chosen))
    return;
  auto& c = *connections_[chosen];
  c.dead = true;
  for (std::size_t side = 0; side < 2; ++side) {
    const link_id link = 2 * chosen + side + 1;
    auto& mine = c.ends[side];
    haunt(link);
    for (auto lost = random_.below(mine.sent.size() + 1); lost > 0; --lost) {
      mine.cost -= mine.sent.back().cost();
      mine.sent.pop_back();
    }
    mine.ended = true;
    push(link, {message::kind::end, 0, {}, {}});
  }
}

/// Lets some messages of a link that ends arrive again, or late, after those of the next link.
void network::haunt(link_id link) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  auto& theirs = c.ends[1 - side_of(link)];
  auto ghosts = mine.recent;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, mine.sent.size()); ++i)
    ghosts.push_back(mine.sent[i]);
  for (const auto& ghost : ghosts) {
    if (ghost.what != message::kind::frame || !random_.percent(40))
      continue;
    time_.after(milliseconds{random_.below(3000)},
                [this, link, to = theirs.node, reader = theirs.who, from = mine.who, ghost] {
                  if (user_.who(to) == reader && user_.runs(to) && user_.has_moved_on(to, from, other(link)))
                    user_.straggler(to, from, ghost);
                });
  }
}

} // namespace registry::simulation
