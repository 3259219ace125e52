#include <registry/replica/internal/replica.hpp>

#include <registry/internal/deferral.hpp>
#include <registry/replica/internal/inbound.hpp>
#include <registry/replica/internal/outbound.hpp>
#include <registry/wire/internal/codec.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace registry::inline v0_2 {

namespace {

/// Frames of this node are far smaller, but one change of one key may be large.
constexpr decode_limits frame_limits{value::max_depth, std::size_t{64} << 20, std::size_t{64} << 20};

} // namespace

struct replica::state : internal::replica_context {
  struct peer {
    peer(internal::replica_context& context, const incarnation& name) : out(context, name), in(context, name) {}
    internal::outbound out;
    internal::inbound in;
    bool linked = false;
    bool silent = false;
    bool warned = false;
    [[nodiscard]] bool reachable() const noexcept { return linked && !silent; }
    /// Whether there is anything to exchange, as far as known.
    [[nodiscard]] bool takes_part() const noexcept { return reachable() && !in.absent(); }
    std::uint64_t closed_epoch = 0; // the peer's scopes up to here are closed
    std::vector<message> replies{}; // to be sent in addition
  };

  void warn_once(const incarnation& name, peer& from, const std::string& text);
  void handle(const incarnation& name, peer& from, const hello_message& what);
  void handle(const incarnation& name, peer& from, const goodbye_message& what);
  void handle(const incarnation& name, peer& from, const refused_message& what);
  void handle(const incarnation& name, peer& from, const acknowledge_message& what);
  void send(const incarnation& to, peer& at, const way_out& out);

  std::unordered_map<incarnation, peer, incarnation_hash> peers{};
  /// The peers that may have something to be sent, so that a frame of one peer does not require a visit to all of them.
  std::vector<incarnation> stirred{};
  bool all_stirred = false;
  std::optional<std::chrono::nanoseconds> first_tick{};
  std::chrono::nanoseconds next_digest{0};
  bool closed = false;
};

replica::replica(incarnation self, std::string scope, key_mode mode, std::uint64_t epoch, replica_host& host,
                 replica_options options)
    : state_(new state{{self, std::move(scope), mode, epoch, host, options}}) {
  state_->changes.restart(host.cut());
}

replica::~replica() = default;

// -- input ----------------------------------------------------------------------------------------------------------------

void replica::committed(const commit_log::batch& what) {
  auto& changes = state_->changes;
  const auto before = changes.end();
  if (!changes.append(what))
    changes.restart(state_->host.cut());
  // Changes that came from a peer are not passed on to the others.
  state_->all_stirred = state_->all_stirred || changes.end() != before;
}

void replica::peer_up(const incarnation& peer, handle_state handles) {
  if (peer == state_->self || state_->closed)
    return;
  auto& one = state_->peers.try_emplace(peer, *state_, peer).first->second;
  one.linked = true;
  state_->stirred.push_back(peer);
  one.replies.clear();
  one.out.disconnect();
  one.in.note_presence();
  one.in.ask(true, handles == handle_state::lost);
}

void replica::peer_unlinked(const incarnation& peer) {
  const auto found = state_->peers.find(peer);
  if (found == state_->peers.end())
    return;
  found->second.linked = false;
  found->second.out.disconnect();
}

void replica::peer_suspect(const incarnation& peer) {
  if (const auto found = state_->peers.find(peer); found != state_->peers.end())
    found->second.silent = true;
}

void replica::peer_alive_again(const incarnation& peer) {
  if (const auto found = state_->peers.find(peer); found != state_->peers.end())
    found->second.silent = false;
}

void replica::peer_down(const incarnation& peer, reason why) {
  const auto found = state_->peers.find(peer);
  if (found == state_->peers.end())
    return;
  found->second.in.purge(why);
  internal::deferral::keep(state_->peers.extract(found));
}

result<replica::incoming> replica::read(const frame& what) {
  auto decoded = decode_frame(what, frame_limits);
  if (!decoded)
    return decoded.error();
  return incoming{std::move(decoded).value(), what.cost()};
}

result<void> replica::receive(const incarnation& peer, const frame& what) {
  if (!state_->peers.contains(peer))
    return receive(peer, incoming{});
  auto content = read(what);
  if (!content)
    return content.error();
  return receive(peer, std::move(content).value());
}

result<void> replica::receive(const incarnation& peer, incoming&& what) {
  const auto found = state_->peers.find(peer);
  if (found == state_->peers.end() || state_->closed) {
    ++state_->statistics.stale;
    return success();
  }
  if (what.content.scope != state_->scope)
    return error(errc::malformed,
                 "a frame of scope \"" + what.content.scope + "\" was delivered to \"" + state_->scope + '"');
  auto& from = found->second;
  state_->stirred.push_back(peer);
  return std::visit(
      [&](auto& x) -> result<void> {
        if constexpr (requires { x.header; })
          return from.in.receive(std::move(x), what.cost);
        else
          state_->handle(peer, from, x);
        return success();
      },
      what.content.what);
}

bool replica::has_more_for(const incarnation& peer) const {
  const auto found = state_->peers.find(peer);
  return found != state_->peers.end() && found->second.out.has_more();
}

void replica::tick(std::chrono::nanoseconds now) {
  if (!state_->first_tick)
    state_->first_tick = now;
  state_->now = now - *state_->first_tick;
  state_->all_stirred = true;
  const bool digests = state_->now >= state_->next_digest;
  if (digests)
    state_->next_digest = state_->now + state_->options.digest_interval;
  auto needed = state_->changes.end();
  for (auto& [name, peer] : state_->peers) {
    if (!peer.linked)
      continue;
    peer.in.tick();
    peer.out.tick();
    if (digests)
      peer.out.request_digest();
    needed = std::min(needed, peer.out.needed());
  }
  state_->changes.release_actors(needed);
}

void replica::close() {
  state_->closed = state_->all_stirred = true;
  for (auto& [name, peer] : state_->peers) {
    peer.out.stop();
    peer.in.stop();
    peer.replies = {goodbye_message{state_->epoch}};
  }
}

bool replica::busy() const noexcept {
  return !state_->works.empty();
}

bool replica::step() {
  auto& works = state_->works;
  if (works.empty() || works.front().work->step())
    return busy();
  auto done = std::move(works.front());
  works.pop_front();
  internal::deferral::keep(std::move(done.work));
  for (auto& [name, peer] : state_->peers) {
    if (&peer.in != done.whose)
      continue;
    peer.in.installed();
    state_->stirred.push_back(name);
  }
  return busy();
}

// -- messages -------------------------------------------------------------------------------------------------------------

void replica::state::warn_once(const incarnation& name, peer& from, const std::string& text) {
  if (!std::exchange(from.warned, true))
    host.warn(name, text);
}

void replica::state::handle(const incarnation& name, peer& from, const hello_message& what) {
  if (!from.linked || what.token.epoch <= from.closed_epoch) {
    ++statistics.stale;
    return;
  }
  if (what.mode != mode) {
    from.out.decline(what);
    from.in.purge(reason::resync);
    // Also states our mode rather than trusting this request, which may be late.
    if (what.answer)
      from.in.ask_again();
    from.in.note_absence();
    from.replies.emplace_back(refused_message{what.token, refusal::key_mode});
    return warn_once(name, from,
                     "the peer has scope \"" + scope + "\" open with " + std::string{to_string(what.mode)} +
                         " keys, this node with " + std::string{to_string(mode)} +
                         " keys; nothing is exchanged until both open it in the same mode");
  }
  if (!from.out.start(what)) {
    ++statistics.stale;
    return;
  }
  from.warned = false;
  from.in.note_presence();
  if (what.answer)
    from.in.ask_again();
}

void replica::state::handle(const incarnation&, peer& from, const goodbye_message& what) {
  if (what.epoch <= from.closed_epoch) {
    ++statistics.stale;
    return;
  }
  from.closed_epoch = what.epoch;
  if (std::max(from.out.token().epoch, from.in.epoch()) > what.epoch)
    return; // it has been opened again
  from.out.stop();
  from.in.purge(reason::drained);
  // After a loss this node knows no epochs: the farewell may be a late one, and only an answer shows whether the scope is
  // open.
  from.in.ask(true);
  from.in.note_absence();
}

void replica::state::handle(const incarnation&, peer& from, const acknowledge_message& what) {
  from.out.acknowledged(what);
}

void replica::state::handle(const incarnation& name, peer& from, const refused_message& what) {
  const bool ours = what.token == from.in.token() && what.why == refusal::key_mode;
  const bool theirs = what.token == from.out.token() && what.why == refusal::too_large;
  const bool nothing_there = what.token == from.in.token() && what.why == refusal::not_open;
  if (nothing_there) {
    from.in.note_absence();
  } else if (ours) {
    from.in.stop();
    from.in.note_absence();
    warn_once(name, from,
              "the peer refuses scope \"" + scope +
                  "\" because it has it open in another key mode; open it in the same mode");
  } else if (theirs) {
    from.out.stop();
    warn_once(name, from,
              "the peer accepts no snapshot as large as that of scope \"" + scope +
                  "\"; raise snapshot_entries or snapshot_bytes of its replica_options");
  } else {
    ++statistics.stale;
  }
}

// -- output ---------------------------------------------------------------------------------------------------------------

void replica::state::send(const incarnation& to, peer& at, const way_out& out) {
  for (const auto& one : std::exchange(at.replies, {}))
    out(to, encode_frame(scope, one));
  if (closed)
    return;
  for (const auto& one : at.in.take_messages())
    out(to, encode_frame(scope, one));
  while (auto content = at.out.next())
    out(to, std::move(*content));
}

std::vector<replica::outgoing> replica::take_outgoing() {
  std::vector<outgoing> all;
  send([&](const incarnation& to, frame&& what) { all.push_back({to, std::move(what)}); });
  return all;
}

void replica::send(const way_out& out) {
  const auto stirred = std::exchange(state_->stirred, {});
  if (std::exchange(state_->all_stirred, false)) {
    for (auto& [name, peer] : state_->peers) {
      if (peer.linked)
        state_->send(name, peer, out);
    }
    return;
  }
  for (const auto& name : stirred) {
    const auto found = state_->peers.find(name);
    if (found != state_->peers.end() && found->second.linked)
      state_->send(name, found->second, out);
  }
}

// -- questions ------------------------------------------------------------------------------------------------------------

std::optional<incarnation> replica::owner(std::uint32_t origin) const {
  if (origin == 0)
    return state_->self;
  const auto found = state_->owners.find(origin);
  return found == state_->owners.end() ? std::nullopt : std::optional{found->second};
}

bool replica::reachable(std::uint32_t origin) const {
  if (origin == 0)
    return true;
  const auto name = owner(origin);
  return name && state_->peers.at(*name).reachable();
}

std::size_t replica::peer_count() const noexcept {
  return state_->peers.size();
}

bool replica::in_sync_with(const incarnation& peer) const {
  const auto found = state_->peers.find(peer);
  return found != state_->peers.end() && found->second.in.complete();
}

bool replica::in_sync() const {
  return std::all_of(state_->peers.begin(), state_->peers.end(),
                     [](const auto& x) { return !x.second.takes_part() || x.second.in.complete(); });
}

std::uint64_t replica::last_commit() const noexcept {
  return state_->changes.commit();
}

bool replica::acknowledged(std::uint64_t commit) const {
  return std::all_of(state_->peers.begin(), state_->peers.end(),
                     [&](const auto& x) { return !x.second.takes_part() || x.second.out.acknowledged_commit() >= commit; });
}

stream_place replica::place() const noexcept {
  return {state_->epoch, state_->changes.last_change()};
}

bool replica::has_reached(const incarnation& peer, const stream_place& place) const {
  const auto found = state_->peers.find(peer);
  return found == state_->peers.end() || found->second.in.has_reached(place);
}

void replica::request_acknowledgements() {
  state_->all_stirred = true;
  for (auto& [name, peer] : state_->peers)
    peer.out.request_digest();
}

std::optional<frame> answer_without_scope(const frame& what) {
  const auto read = decode_frame(what, frame_limits);
  if (!read)
    return std::nullopt;
  const auto* hello = std::get_if<hello_message>(&read.value().what);
  if (hello == nullptr)
    return std::nullopt;
  return encode_frame(read.value().scope, refused_message{hello->token, refusal::not_open});
}

const replica_statistics& replica::statistics() const noexcept {
  return state_->statistics;
}

} // namespace registry::inline v0_2
