#include <simulation/node.hpp>

#include <registry/hash/detail/splitmix64.hpp>
#include <support/fake_member.hpp>

#include <boost/hana/functional/overload.hpp>

#include <utility>

// A node among others: its links, its dials, and what its membership decides.

namespace registry::simulation {

namespace {

constexpr std::size_t liar = 1;
constexpr std::size_t rumoured_nodes = 30;
constexpr std::size_t rumours_at_a_time = 8;
/// Before a seed that seems to be linked is asked again.
constexpr std::chrono::seconds least_leisure{15};

membership_options membership_of(world& all, const incarnation& self, const node_address& where) {
  membership_options out;
  out.self = self;
  out.advertised = where;
  out.tick_interval = std::chrono::milliseconds{250};
  out.backoff.longest = std::chrono::seconds{4};
  out.max_dials = all.fault == mutant::no_dial_budget ? 1000 : all.around.max_dials;
  out.forget_after = all.fault == mutant::never_forgets ? instant{std::chrono::hours{24}} : all.around.forget_after;
  if (all.fault == mutant::stubborn_dial)
    out.crossing_patience = std::chrono::hours{10};
  out.seed = all.random.next();
  return out;
}

reason reason_of(down_reason why) {
  return why == down_reason::drained ? reason::drained : reason::node_down;
}

bool is_number(const node_address& where) {
  return where.host.starts_with("node");
}

} // namespace

node::node(world& all, surroundings& outside, std::size_t index, const incarnation& self, const node_address& where,
           const node_clock& clock)
    : self(self),
      where(where),
      clock(clock),
      all_(all),
      outside_(outside),
      index_(index),
      membership_(membership_of(all, self, where)),
      scopes_(all.scopes.size()) {}

void node::start(const std::vector<node_address>& seeds) {
  for (std::size_t i = 0; i < scopes_.size(); ++i)
    open_scope(i);
  seeds_ = seeds;
  membership_.start(seeds, now());
  settle();
}

void node::tick() {
  if (all_.fault != mutant::silent_lines) {
    for (const auto link : membership_.quiet_links(now()))
      membership_.heard(link, clock.read(outside_.heard(link)));
    settle();
  }
  membership_.tick(now());
  if (++ticks_ % 4 == 0 && all_.fault != mutant::no_clock) {
    for (auto& x : scopes_) {
      if (x.copy)
        x.copy->tick(now());
    }
  }
  settle();
}

void node::leave() {
  membership_.leave();
  settle();
}

// -- links -----------------------------------------------------------------------------------------------------------------

std::optional<dial_failure> node::objection(const link_info& info) {
  return membership_.objection(info, now());
}

void node::dialler_refused(const node_address& who, dial_failure why) {
  membership_.dialler_refused(who, why, now());
  settle();
}

void node::link_begun(link_id link, const link_info& info) {
  const auto dial = info.dialled_by == self ? dials_.extract(info.dial) : dials_.extract(0);
  if (dial) {
    duplicates_.erase(dial.mapped());
    const bool forgotten = info.peer == self ? all_.fault == mutant::own_address_memory
                                             : all_.fault == mutant::seed_once && !is_number(dial.mapped());
    if (forgotten)
      shunned_.insert(dial.mapped());
  }
  links_[link] = info.peer;
  membership_.link_begun(link, info, now());
  settle();
  if (!links_.contains(link))
    outside_.refuse(link);
}

void node::link_complete(link_id link) {
  membership_.link_complete(link, now());
  settle();
}

link_id node::used_link(const incarnation& peer) const {
  const auto found = used_.find(peer);
  return found != used_.end() && links_.contains(found->second) ? found->second : 0;
}

void node::link_down(link_id link, link_end how) {
  membership_.link_down(link, how, now());
  links_.erase(link);
  proxies_.erase(link);
  settle();
}

void node::begin_dial(const action::dial& x) {
  if (dials_.size() >= all_.around.max_dials)
    throw violation("more dials are under way than allowed");
  const auto before = duplicates_.find(x.where);
  if (before != duplicates_.end() && !is_number(x.where) && !links_.empty() && before->second.times > 1 &&
      all_.time.now() - before->second.last < least_leisure)
    throw violation("a seed that is linked is asked again and again");
  dials_.emplace(x.number, x.where);
  if (all_.trace)
    outside_.log(index_, "dials " + to_string(x.where));
  if (!shunned_.contains(x.where))
    outside_.dial(index_, x.where, x.number);
}

void node::dial_failed(const node_address& where, dial_failure why) {
  if (all_.trace)
    outside_.log(index_, "has no link with " + to_string(where) + ": " + std::string{to_string(why)});
  std::erase_if(dials_, [&](const auto& x) { return x.second == where; });
  if (auto& known = duplicates_[where]; why == dial_failure::duplicate_link)
    known = {known.times + 1, all_.time.now()};
  else
    known = {};
  const bool forgotten = why == dial_failure::self
                             ? all_.fault == mutant::own_address_memory
                             : why == dial_failure::duplicate_link && all_.fault == mutant::seed_once && !is_number(where);
  if (forgotten)
    shunned_.insert(where);
  membership_.dial_failed(where, why, now());
  settle();
}

void node::send_heartbeats(const action::send_heartbeats& x) {
  auto content = x.content;
  for (std::size_t n = 0; all_.around.rumours && !all_.healed && index_ == liar && n < rumours_at_a_time; ++n) {
    const auto port = static_cast<std::uint16_t>(1 + all_.random.below(rumoured_nodes));
    if (content.nodes.size() < heartbeat::max_nodes)
      content.nodes.push_back({{detail::splitmix64_mix(port), port}, {"nowhere", port}});
  }
  const auto bytes = std::make_shared<const std::vector<std::byte>>(encode(content));
  for (const auto link : x.links)
    outside_.send(link, {message::kind::heartbeat, 0, bytes});
}

// -- what arrives ----------------------------------------------------------------------------------------------------------

void node::receive(link_id link, const message& what) {
  link_complete(link); // the other end has greeted before
  if (what.what == message::kind::heartbeat) {
    auto read = decode_heartbeat(*what.bytes);
    if (!read)
      throw violation("a heartbeat does not decode");
    if (all_.fault == mutant::deaf_to_claims)
      std::erase_if(read.value().nodes, [&](const known_node& x) { return x.where == where; });
    membership_.heartbeat_received(link, read.value(), now());
  } else if (const auto from = links_.find(link); from != links_.end() && what.what == message::kind::frame) {
    const auto seen = as_received(link, what);
    hand_over(from->second, seen);
    if (all_.fault == mutant::chunk_twice && all_.random.below(64) == 0 && tampering::is_chunk(*what.content))
      hand_over(from->second, seen);
  }
  settle();
}

void node::straggler(const incarnation& from, const message& what) {
  if (what.what == message::kind::frame) {
    hand_over(from, as_received(0, what));
    settle();
  }
}

/// The message with handles of this connection; those of none (0) are nobody's.
message node::as_received(link_id link, const message& what) {
  if (!all_.around.dying_handles || what.content->handles.empty())
    return what;
  auto content = *what.content;
  for (auto& x : content.handles) {
    if (link == 0) {
      x = testing::make_member(x->id(), x->node());
      continue;
    }
    auto& known = proxies_[link][x->id()];
    if (!known)
      known = testing::make_member(x->id(), x->node());
    x = known;
  }
  return message::of(what.scope, std::move(content));
}

void node::hand_over(const incarnation& from, const message& what) {
  auto& x = scopes_[what.scope];
  if (!x.copy) {
    if (auto reply = answer_without_scope(*what.content)) {
      if (const auto link = used_link(from); link != 0)
        outside_.send(link, message::of(what.scope, std::move(*reply)));
    }
    return;
  }
  auto shown = from;
  if (all_.fault == mutant::mixed_up_peers && !x.told.empty() && all_.random.below(16) == 0)
    shown = *x.told.begin();
  if (all_.fault == mutant::window_per_answer) {
    if (const auto forged = x.tamper->acknowledgement_of_all(from, *what.content))
      static_cast<void>(x.copy->receive(from, *forged));
  }
  const auto taken = x.copy->receive(shown, x.tamper->shown(from, *what.content));
  if (!taken)
    throw violation("a frame is refused: " + to_string(taken.error()));
}

// -- decisions -------------------------------------------------------------------------------------------------------------

void node::settle() {
  for (bool busy = true; busy;) {
    busy = act();
    for (std::size_t i = 0; i < scopes_.size(); ++i)
      busy = drain(i) || busy;
  }
  resumed_.clear();
  relinked_.clear();
}

bool node::act() {
  const auto actions = membership_.take_actions();
  for (const auto& x : actions)
    handle(x);
  return !actions.empty();
}

void node::handle(const membership_action& what) {
  std::visit(
      boost::hana::overload([&](const action::dial& x) { begin_dial(x); },
                            [&](const action::close& x) {
                              outside_.close(x.link);
                              links_.erase(x.link);
                              proxies_.erase(x.link);
                            },
                            [&](const action::send_heartbeats& x) { send_heartbeats(x); }, [&](const action::peer_up&) {},
                            [&](const action::use_link& x) {
                              if (all_.trace)
                                outside_.log(index_, "uses a link to " + to_string(x.peer));
                              used_[x.peer] = x.link;
                              tell_up(x.peer);
                            },
                            [&](const action::peer_suspect& x) { suspect(x.peer); },
                            [&](const action::peer_alive_again& x) { revive(x.peer); },
                            [&](const action::lose_link& x) {
                              for (auto& scope : scopes_) {
                                if (scope.copy && scope.told.contains(x.peer))
                                  scope.copy->peer_unlinked(x.peer);
                              }
                            },
                            [&](const action::peer_down& x) { give_up(x); }, [&](const action::warn& x) { warn(x.text); }),
      what);
}

void node::tell_up(const incarnation& peer) {
  relinked_.insert(peer);
  const bool dead = all_.around.dying_handles && all_.fault != mutant::stale_handles;
  for (auto& x : scopes_) {
    if (!x.copy)
      continue;
    if (!x.told.insert(peer).second && all_.fault == mutant::deaf_link)
      continue;
    x.copy->peer_up(peer, dead ? handle_state::lost : handle_state::kept);
  }
}

void node::suspect(const incarnation& peer) {
  if (membership_.link_of(peer) != 0) {
    last_suspicion_ = all_.time.now();
    if (all_.trace)
      outside_.log(index_, "suspects " + to_string(peer));
  }
  for (auto& x : scopes_) {
    if (x.copy && x.told.contains(peer))
      x.copy->peer_suspect(peer);
  }
}

void node::revive(const incarnation& peer) {
  // Another link does begin the streams anew.
  if (!relinked_.contains(peer))
    resumed_.insert(peer);
  for (auto& x : scopes_) {
    if (x.copy && x.told.contains(peer))
      x.copy->peer_alive_again(peer);
    if (x.copy && all_.fault == mutant::restarting_suspicion)
      x.copy->peer_up(peer);
  }
}

void node::give_up(const action::peer_down& x) {
  if (all_.trace)
    outside_.log(index_, "takes for down " + to_string(x.peer));
  // Who is forgotten has to prove it again, and at an address of two nodes one may not run.
  const bool remembers = all_.around.forget_after >= std::chrono::hours{1} && !all_.around.shared_address;
  if (x.why == down_reason::refused && remembers && outside_.lives(x.peer) && !misjudged_.insert(x.peer).second)
    throw violation("a node that cannot be dialled is taken for down again, although it lives");
  for (auto& scope : scopes_) {
    if (scope.copy && scope.told.erase(x.peer) != 0)
      scope.copy->peer_down(x.peer, reason_of(x.why));
  }
}

void node::warn(const std::string& text) {
  told_of_namesake_ = told_of_namesake_ || text.find("advertises the address of this node") != std::string::npos;
  if (all_.trace)
    outside_.log(index_, text);
}

} // namespace registry::simulation
