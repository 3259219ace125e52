#include <simulation/node.hpp>

#include <registry/value/codec.hpp>
#include <support/fake_member.hpp>

#include <boost/hana/functional/overload.hpp>

#include <algorithm>
#include <utility>

namespace registry::simulation {

namespace {

constexpr std::size_t actors_per_scope = 5;

membership_options membership_of(world& all, const incarnation& self, const node_address& where) {
  membership_options out;
  out.self = self;
  out.advertised = where;
  out.tick_interval = std::chrono::milliseconds{250};
  out.backoff.longest = std::chrono::seconds{4};
  out.seed = all.random.next();
  return out;
}

reason reason_of(down_reason why) {
  return why == down_reason::drained ? reason::drained : reason::node_down;
}

} // namespace

node::node(world& all, surroundings& outside, std::size_t index, const incarnation& self, const node_address& where)
    : self(self),
      where(where),
      all_(all),
      outside_(outside),
      index_(index),
      membership_(membership_of(all, self, where)),
      scopes_(all.scopes.size()) {}

void node::start(const std::vector<node_address>& seeds) {
  for (std::size_t i = 0; i < scopes_.size(); ++i)
    open_scope(i);
  membership_.start(seeds, all_.time.now());
  settle();
}

void node::tick() {
  membership_.tick(all_.time.now());
  if (++ticks_ % 4 == 0 && all_.fault != mutant::no_clock) {
    for (auto& x : scopes_) {
      if (x.copy)
        x.copy->tick(all_.time.now());
    }
  }
  settle();
}

void node::leave() {
  membership_.leave();
  settle();
}

void node::link_up(link_id link, const link_info& info) {
  links_[link] = info.peer;
  membership_.link_up(link, info, all_.time.now());
  settle();
}

void node::link_down(link_id link) {
  membership_.link_down(link, link_end::closed, all_.time.now());
  links_.erase(link);
  settle();
}

void node::dial_failed(const node_address& where, dial_failure why) {
  membership_.dial_failed(where, why, all_.time.now());
  settle();
}

void node::receive(link_id link, const message& what) {
  if (what.what == message::kind::heartbeat) {
    const auto read = decode_heartbeat(*what.bytes);
    if (!read)
      throw violation("a heartbeat does not decode");
    membership_.heartbeat_received(link, read.value(), all_.time.now());
  } else if (const auto from = links_.find(link); from != links_.end()) {
    hand_over(from->second, what);
  }
  settle();
}

void node::straggler(const incarnation& from, const message& what) {
  if (what.what == message::kind::frame) {
    hand_over(from, what);
    settle();
  }
}

void node::hand_over(const incarnation& from, const message& what) {
  auto& x = scopes_[what.scope];
  if (!x.copy) {
    if (auto reply = answer_without_scope(*what.content)) {
      if (const auto link = membership_.link_of(from); link != 0)
        outside_.send(link, {message::kind::frame, what.scope, {}, std::make_shared<const frame>(std::move(*reply))});
    }
    return;
  }
  auto shown = from;
  if (all_.fault == mutant::mixed_up_peers && !x.told.empty() && all_.random.below(16) == 0)
    shown = *x.told.begin();
  const auto taken = x.copy->receive(shown, x.tamper->shown(from, *what.content));
  if (!taken)
    throw violation("a frame is refused: " + to_string(taken.error()));
}

void node::open_scope(std::size_t scope) {
  auto& x = scopes_[scope];
  store_options options;
  options.mode = all_.modes[scope];
  options.steps = all_.steps;
  if (all_.fault != mutant::same_epoch || x.epoch == 0)
    ++x.epoch;
  x.content = std::make_unique<scope_content>(all_, options);
  x.content->content.log().observe(true);
  x.watch = std::make_unique<observer>(self, all_.scopes[scope], all_.known);
  x.copy = std::make_unique<replica>(self, all_.scopes[scope], all_.modes[scope], x.epoch, *x.content, all_.replication);
  x.copy->tick(all_.time.now());
  x.tamper.emplace(all_.fault);
  for (std::size_t i = 0; i < actors_per_scope; ++i)
    x.actors.push_back(testing::make_member(++all_.last_actor, static_cast<std::uint8_t>(index_ + 1)));
  for (const auto& peer : membership_.present()) {
    if (membership_.link_of(peer.who) != 0) {
      x.told.insert(peer.who);
      x.copy->peer_up(peer.who);
      if (membership_.state_of(peer.who) == membership::peer_state::suspect)
        x.copy->peer_suspect(peer.who);
    }
  }
  settle();
}

void node::close_scope(std::size_t scope) {
  auto& x = scopes_[scope];
  x.copy->close();
  drain(scope);
  x.copy.reset();
  x.watch.reset();
  x.content.reset();
  x.actors.clear();
  x.told.clear();
}

void node::settle() {
  for (bool busy = true; busy;) {
    busy = act();
    for (std::size_t i = 0; i < scopes_.size(); ++i)
      busy = drain(i) || busy;
  }
}

bool node::act() {
  const auto actions = membership_.take_actions();
  for (const auto& x : actions)
    handle(x);
  return !actions.empty();
}

void node::handle(const membership_action& what) {
  std::visit(boost::hana::overload([&](const action::dial& x) { outside_.dial(index_, x.where, x.number); },
                                   [&](const action::close& x) {
                                     outside_.close(x.link);
                                     links_.erase(x.link);
                                   },
                                   [&](const action::send_heartbeats& x) {
                                     const auto bytes = std::make_shared<const std::vector<std::byte>>(encode(x.content));
                                     for (const auto link : x.links)
                                       outside_.send(link, {message::kind::heartbeat, 0, bytes, {}});
                                   },
                                   [&](const action::peer_up&) {},
                                   [&](const action::use_link& x) {
                                     if (all_.trace)
                                       outside_.log(index_, "uses a link to " + to_string(x.peer));
                                     tell_up(x.peer);
                                   },
                                   [&](const action::peer_suspect& x) {
                                     for (auto& scope : scopes_) {
                                       if (scope.copy && scope.told.contains(x.peer))
                                         scope.copy->peer_suspect(x.peer);
                                     }
                                   },
                                   [&](const action::peer_alive_again& x) {
                                     for (auto& scope : scopes_) {
                                       if (scope.copy && scope.told.contains(x.peer))
                                         scope.copy->peer_alive_again(x.peer);
                                     }
                                   },
                                   [&](const action::lose_link& x) {
                                     for (auto& scope : scopes_) {
                                       if (scope.copy && scope.told.contains(x.peer))
                                         scope.copy->peer_unlinked(x.peer);
                                     }
                                   },
                                   [&](const action::peer_down& x) {
                                     if (all_.trace)
                                       outside_.log(index_, "takes for down " + to_string(x.peer));
                                     for (auto& scope : scopes_) {
                                       if (scope.copy && scope.told.erase(x.peer) != 0)
                                         scope.copy->peer_down(x.peer, reason_of(x.why));
                                     }
                                   },
                                   [&](const action::warn& x) {
                                     if (all_.trace)
                                       outside_.log(index_, x.text);
                                   }),
             what);
}

void node::tell_up(const incarnation& peer) {
  for (auto& x : scopes_) {
    if (!x.copy)
      continue;
    if (!x.told.insert(peer).second && all_.fault == mutant::deaf_link)
      continue;
    x.copy->peer_up(peer);
  }
}

/// Hands commits to the watcher and to the replica, and the frames of the replica to the links.
bool node::drain(std::size_t scope) {
  auto& x = scopes_[scope];
  if (!x.copy)
    return false;
  auto batch = x.content->content.log().take();
  x.watch->follow(batch.events, x.content->content, *x.copy);
  bool busy = !batch.events.empty();
  if (busy && all_.fault == mutant::untold && all_.random.below(16) == 0)
    batch.events.clear();
  x.copy->committed(batch);
  if (x.copy->busy() && all_.random.percent(all_.work_percent)) {
    x.copy->step();
    busy = true;
  }
  auto outgoing = x.copy->take_outgoing();
  for (auto& out : outgoing) {
    if (const auto link = membership_.link_of(out.to); link != 0 && x.tamper->sends(out.to, out.what))
      outside_.send(
          link,
          {message::kind::frame, static_cast<std::uint8_t>(scope), {}, std::make_shared<const frame>(std::move(out.what))});
  }
  return busy || !outgoing.empty();
}

void node::operate() {
  const auto scope = all_.random.below(scopes_.size());
  auto& x = scopes_[scope];
  if (!x.content || membership_.leaving())
    return;
  auto& content = x.content->content;
  const value key{"key" + std::to_string(all_.random.below(all_.keys))};
  const std::vector<member> one{x.actors[all_.random.below(x.actors.size())]};
  const auto& who = one.front();
  switch (all_.random.below(10)) {
  case 0:
  case 1:
  case 2:
  case 3: {
    std::vector<member> several = one;
    while (all_.modes[scope] == key_mode::duplicate && several.size() < 4 && all_.random.percent(30))
      several.push_back(x.actors[all_.random.below(x.actors.size())]);
    static_cast<void>(content.join(key, several, value{++all_.last_value}));
    break;
  }
  case 4:
  case 5:
    static_cast<void>(content.leave(key, one));
    break;
  case 6:
    content.leave_all(who, reason::down);
    break;
  case 7:
    content.leave_key(key);
    break;
  default:
    static_cast<void>(content.update(key, who, value{++all_.last_value}));
  }
  settle();
}

void node::join_one() {
  auto& x = scopes_.front();
  const std::vector<member> one{x.actors.front()};
  static_cast<void>(x.content->content.join("key " + std::to_string(index_), one, value{++all_.last_value}));
  settle();
}

void node::describe(std::size_t scope, bool local_only, std::vector<std::string>& out) const {
  const auto& x = scopes_[scope];
  auto all = x.content->content.snapshot().entries;
  all.for_each([&](const value& key, const group& entries) {
    for (const auto& held : entries) {
      if (local_only && !held.is_local())
        continue;
      const auto owner = held.is_local() ? std::optional{self} : x.copy->owner(held.origin);
      std::vector<std::byte> bytes;
      handle_table handles;
      byte_writer to(bytes, handles);
      to.u64(owner ? owner->high : 0);
      to.u64(owner ? owner->low : 0);
      to.u64(held.number);
      to.u64(held.who->id());
      static_cast<void>(to.put(key));
      static_cast<void>(to.put(held.data));
      out.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
  });
}

std::uint64_t node::mismatches() const {
  std::uint64_t sum = 0;
  for (const auto& x : scopes_)
    sum += x.copy ? x.copy->statistics().mismatches : 0;
  return sum;
}

std::string node::statistics() const {
  std::string out;
  for (const auto& x : scopes_) {
    if (!x.copy)
      continue;
    const auto& s = x.copy->statistics();
    const std::pair<const char*, std::uint64_t> shown[] = {
        {"snapshots_sent", s.snapshots_sent}, {"given_up", s.snapshots_given_up},
        {"installed", s.snapshots_installed}, {"deltas_sent", s.deltas_sent},
        {"deltas_applied", s.deltas_applied}, {"resumes", s.resumes},
        {"overflows", s.overflows},           {"gaps", s.gaps},
        {"mismatches", s.mismatches},         {"stale", s.stale}};
    for (const auto& [name, number] : shown)
      out.append(" ").append(name).append(" ").append(std::to_string(number));
    out += ';';
  }
  return out;
}

} // namespace registry::simulation
