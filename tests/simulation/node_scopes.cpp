#include <simulation/node.hpp>

#include <registry/value/codec.hpp>
#include <registry/wire/internal/codec.hpp>
#include <support/fake_member.hpp>

#include <algorithm>
#include <utility>

// The scopes of a node: what it does there, and what it holds.

namespace registry::simulation {

namespace {

constexpr std::size_t actors_per_scope = 5;

} // namespace

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
  x.copy->tick(now());
  x.tamper.emplace(all_.fault);
  for (std::size_t i = 0; i < actors_per_scope; ++i)
    x.actors.push_back(testing::make_member(++all_.last_actor, static_cast<std::uint8_t>(index_ + 1)));
  for (const auto& peer : membership_.present()) {
    if (used_link(peer.who) != 0) {
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
    check_resumption(out.to, out.what);
    if (const auto link = used_link(out.to); link != 0 && x.tamper->sends(out.to, out.what))
      outside_.send(link, message::of(static_cast<std::uint8_t>(scope), std::move(out.what)));
  }
  return busy || !outgoing.empty();
}

/// A peer that was suspected, and is heard of again over the same link, is asked for nothing.
void node::check_resumption(const incarnation& to, const frame& what) const {
  if (resumed_.contains(to) && std::holds_alternative<hello_message>(decode_frame(what).value().what))
    throw violation("a stream begins anew because its peer was silent for a while");
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
    static_cast<void>(content.join(key, several, all_.next_value()));
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
    static_cast<void>(content.update(key, who, all_.next_value()));
  }
  settle();
}

void node::join_one() {
  auto& x = scopes_.front();
  const std::vector<member> one{x.actors.front()};
  static_cast<void>(x.content->content.join("key " + std::to_string(index_), one, all_.next_value()));
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

std::size_t node::stale_handles(std::size_t scope) const {
  if (!all_.around.dying_handles)
    return 0;
  const auto is_stale = [&](const entry& held) {
    const auto owner = held.is_local() ? std::nullopt : scopes_[scope].copy->owner(held.origin);
    if (!owner)
      return false;
    const auto link = proxies_.find(membership_.link_of(*owner));
    if (link == proxies_.end())
      return true;
    const auto known = link->second.find(held.who->id());
    return known == link->second.end() || known->second != held.who;
  };
  std::size_t out = 0;
  scopes_[scope].content->content.snapshot().entries.for_each([&](const value&, const group& entries) {
    out += static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), is_stale));
  });
  return out;
}

std::uint64_t node::mismatches() const {
  std::uint64_t sum = 0;
  for (const auto& x : scopes_)
    sum += x.copy ? x.copy->statistics().mismatches : 0;
  return sum;
}

std::uint64_t node::snapshots() const {
  std::uint64_t sum = 0;
  for (const auto& x : scopes_)
    sum += x.copy ? x.copy->statistics().snapshots_sent : 0;
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
