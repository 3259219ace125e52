#include <simulation/network.hpp>

#include <algorithm>
#include <utility>

namespace registry::simulation {

namespace {

using std::chrono::milliseconds;

constexpr instant retry = milliseconds{100};
constexpr std::size_t most_ghosts = 5;

} // namespace

network::network(world& all, network_user& user, std::size_t nodes)
    : all_(all),
      time_(all.time),
      random_(all.random),
      user_(user),
      nodes_(nodes),
      blocked_(nodes * nodes, false),
      rates_(nodes * nodes, 0) {}

instant network::delay() {
  return instant{random_.between(50'000, static_cast<std::uint64_t>(slowest_.count()))};
}

instant network::time_for(std::size_t from, std::size_t to, std::size_t bytes) const {
  const auto rate = rates_[from * nodes_ + to];
  return rate == 0 ? instant{} : instant{bytes * 1'000'000'000 / rate};
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

// -- messages under way ----------------------------------------------------------------------------------------------------

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
  mine.cost[what.scope] += what.cost();
  const bool passes = what.what == message::kind::heartbeat && all_.around.heartbeats_pass;
  const auto which = passes ? urgent : ordinary;
  auto& way = mine.lanes[which];
  way.sent.push_back(std::move(what));
  if (!std::exchange(way.moving, true))
    begin(link, which, delay());
}

/// The first message of a lane sets out.
void network::begin(link_id link, lane_name which, instant delay) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  const auto to = c.ends[1 - side_of(link)].node;
  auto& way = mine.lanes[which];
  const bool waits = which == urgent && mine.lanes[ordinary].moving;
  way.begins = time_.now() + delay + (waits ? time_for(mine.node, to, all_.around.piece) : instant{});
  way.ends = way.begins + time_for(mine.node, to, way.sent.front().size());
  time_.after(way.ends - time_.now(), [this, link, which] { move(link, which); });
}

instant network::heard(link_id link) const {
  const auto& c = connection_of(link);
  const auto& theirs = c.ends[1 - side_of(link)];
  auto last = theirs.arrived;
  if (blocked(theirs.node, c.ends[side_of(link)].node))
    return last;
  for (const auto& way : theirs.lanes) {
    if (way.moving && time_.now() > way.begins)
      last = std::max(last, std::min(time_.now(), way.ends));
  }
  return last;
}

/// Takes the first message of a lane to the other end.
void network::move(link_id link, lane_name which) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  auto& theirs = c.ends[1 - side_of(link)];
  auto& way = mine.lanes[which];
  const bool same = user_.who(theirs.node) == theirs.who;
  const bool waits = blocked(mine.node, theirs.node) || (same && (!user_.runs(theirs.node) || !theirs.opened));
  if (waits && !(same && theirs.ended)) {
    time_.after(retry, [this, link, which] { move(link, which); });
    return;
  }
  if (way.sent.empty()) {
    way.moving = false;
    return;
  }
  auto next = std::move(way.sent.front());
  way.sent.pop_front();
  mine.cost[next.scope] -= next.cost();
  mine.arrived = time_.now();
  // The next messages follow closely: a connection is a pipe.
  if (way.sent.empty())
    way.moving = false;
  else
    begin(link, which, delay() / 16);
  if (same && std::exchange(mine.corrupt, false))
    fail(other(link), next);
  else if (same)
    deliver(other(link), next);
}

void network::deliver(link_id link, const message& what) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  if (what.what == message::kind::end)
    end_of(link, link_end::closed);
  else if (mine.open)
    user_.arrived(mine.node, link, what);
  else if (mine.opened)
    user_.straggler(mine.node, c.ends[1 - side_of(link)].who, what);
}

/// A message has arrived with a byte changed.
void network::fail(link_id link, const message& what) {
  if (what.what == message::kind::end || !is_open(link))
    return deliver(link, what);
  if (all_.fault == mutant::unchecked_bytes) {
    auto changed = what;
    if (what.content && !what.content->bytes.empty()) {
      auto content = *what.content;
      content.bytes[random_.below(content.bytes.size())] ^= std::byte{1};
      changed.content = std::make_shared<const frame>(std::move(content));
    }
    return deliver(link, changed);
  }
  close(link);
  auto& c = connection_of(link);
  c.dead = true;
  auto& mine = c.ends[side_of(link)];
  auto& theirs = c.ends[1 - side_of(link)];
  for (auto& way : theirs.lanes)
    way.sent.clear();
  theirs.cost = {};
  user_.ended(mine.node, link, random_.percent(50) ? link_end::failed : link_end::closed);
}

/// This end learns that the other has gone.
void network::end_of(link_id link, link_end how) {
  auto& mine = connection_of(link).ends[side_of(link)];
  if (std::exchange(mine.open, false))
    user_.ended(mine.node, link, how);
}

void network::refuse(link_id link) {
  connection_of(link).ends[side_of(link)].opened = false;
}

// -- ends ------------------------------------------------------------------------------------------------------------------

void network::close(link_id link) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  mine.open = false;
  haunt(link);
  if (!std::exchange(mine.ended, true))
    push(link, {message::kind::end});
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
      if (silently)
        lose_unsent(mine);
      else
        push(2 * i + side + 1, {message::kind::end});
    }
  }
}

/// What waits in a host that is gone.
void network::lose_unsent(end& mine) {
  for (auto& way : mine.lanes) {
    for (; way.sent.size() > 1; way.sent.pop_back())
      mine.cost[way.sent.back().scope] -= way.sent.back().cost();
  }
}

/// A connection that is open at both ends, if the random one is.
network::connection* network::random_open(std::size_t& number) {
  std::erase_if(live_, [&](std::size_t i) { return connections_[i]->ends[0].ended && connections_[i]->ends[1].ended; });
  if (live_.empty())
    return nullptr;
  number = live_[random_.below(live_.size())];
  auto& chosen = *connections_[number];
  return chosen.ends[0].open && chosen.ends[1].open ? &chosen : nullptr;
}

void network::break_one() {
  std::size_t number = 0;
  auto* c = random_open(number);
  if (c == nullptr)
    return;
  c->dead = true;
  for (std::size_t side = 0; side < 2; ++side) {
    const link_id link = 2 * number + side + 1;
    auto& mine = c->ends[side];
    haunt(link);
    auto& sent = mine.lanes[ordinary].sent;
    for (auto lost = random_.below(sent.size() + 1); lost > 0; --lost) {
      mine.cost[sent.back().scope] -= sent.back().cost();
      sent.pop_back();
    }
    mine.ended = true;
    push(link, {message::kind::end});
  }
}

void network::corrupt_one() {
  std::size_t number = 0;
  if (auto* c = random_open(number))
    c->ends[random_.below(2)].corrupt = true;
}

void network::load_one(instant time) {
  std::size_t number = 0;
  const auto* c = random_open(number);
  if (c == nullptr)
    return;
  const auto side = random_.below(2);
  const auto& from = c->ends[side];
  const auto rate = rates_[from.node * nodes_ + c->ends[1 - side].node];
  // More than one at a time would fill a slow line for good.
  if (rate == 0 || from.lanes[ordinary].sent.size() > 2)
    return;
  const auto most = rate * static_cast<std::uint64_t>(time.count()) / 1'000'000'000;
  send(2 * number + side + 1, {message::kind::application, 0, {}, {}, random_.between(most / 8, most)});
}

/// Lets some of the last messages of a link that ends arrive late, after those of the next link.
void network::haunt(link_id link) {
  auto& c = connection_of(link);
  auto& mine = c.ends[side_of(link)];
  auto& theirs = c.ends[1 - side_of(link)];
  auto& sent = mine.lanes[ordinary].sent;
  for (std::size_t n = 0; n < most_ghosts && !sent.empty(); ++n) {
    if (sent.back().what != message::kind::frame || !random_.percent(60))
      break;
    const auto ghost = std::move(sent.back());
    sent.pop_back();
    mine.cost[ghost.scope] -= ghost.cost();
    time_.after(milliseconds{random_.below(3000)},
                [this, link, to = theirs.node, reader = theirs.who, from = mine.who, ghost] {
                  if (user_.who(to) == reader && user_.runs(to) && user_.has_moved_on(to, from, other(link)))
                    user_.straggler(to, from, ghost);
                });
  }
}

} // namespace registry::simulation
