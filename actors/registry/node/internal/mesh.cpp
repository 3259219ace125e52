#include <registry/actor/tell.hpp>
#include <registry/caf/internal/actor_thread.hpp>
#include <registry/link/internal/sockets.hpp>
#include <registry/log/internal/log.hpp>
#include <registry/node/internal/link_actor.hpp>
#include <registry/node/internal/link_keys.hpp>
#include <registry/node/internal/mesh.hpp>
#include <registry/node/internal/mesh_actor.hpp>
#include <registry/node/internal/messages.hpp>
#include <registry/time/deadline.hpp>

#include <boost/hana/functional/overload.hpp>
#include <caf/actor_system.hpp>
#include <caf/node_id.hpp>

#include <algorithm>
#include <random>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace registry::inline v0_2 {

namespace {

// How long all peers may take to notice a goodbye.
constexpr std::chrono::seconds goodbye_patience{2};
constexpr std::uint64_t ticks_per_replica_tick = 10;

incarnation random_incarnation() {
  std::random_device random;
  const auto word = [&] { return std::uint64_t{random()} << 32U | random(); };
  return {word(), word()};
}

membership_options membership_of(const cluster_options& options, const incarnation& self, const node_address& advertised) {
  membership_options out;
  out.self = self;
  out.advertised = advertised;
  out.heartbeat_interval = saturated(options.heartbeat_interval);
  out.suspect_after = saturated(options.suspect_after);
  out.down_after = saturated(options.down_after);
  out.tick_interval = mesh::tick_interval;
  // The end of a partition should be noticed soon; a packet every other second to a dead address costs nothing.
  out.backoff.longest = std::chrono::seconds{2};
  out.seed = self.high;
  return out;
}

link_service_options service_of(const cluster_options& options, const incarnation& self, const std::string& node_id) {
  link_service_options out;
  out.identity.self = self;
  out.identity.cluster = options.name;
  out.identity.secret = options.secret;
  out.identity.other_secret = options.other_secret;
  out.identity.node_id = node_id;
  out.identity.node_name = options.node_name;
  out.identity.newest_version = static_cast<std::uint8_t>(options.protocol_version);
  if (!options.advertise.empty())
    out.identity.advertised = parse_address(options.advertise).value();
  out.listen = parse_address(options.listen).value();
  out.allow_no_secret = options.allow_no_secret;
  out.handshake_timeout = options.handshake_timeout;
  // A link that merely stalls should survive until its peer is considered down.
  out.user_timeout = saturated(options.down_after) + saturated(options.suspect_after);
  return out;
}

std::vector<node_address> seeds_of(const cluster_options& options) {
  std::vector<node_address> out;
  for (const auto& seed : options.seeds)
    out.push_back(parse_address(seed).value());
  return out;
}

} // namespace

mesh::mesh(caf::actor_system& system, const cluster_options& options, std::shared_ptr<open_scopes> scopes)
    : system_(system),
      options_(options),
      self_(random_incarnation()),
      node_id_(to_string(system.node())),
      scopes_(std::move(scopes)),
      frames_(std::make_shared<incoming_frames>(scopes_, routes_)),
      middleman_(system, options.poll_time) {}

mesh::~mesh() {
  stop();
}

result<std::shared_ptr<mesh>> mesh::start(caf::actor_system& system, const cluster_options& options,
                                          std::shared_ptr<open_scopes> scopes) {
  if (auto valid = options.validate(); !valid)
    return valid.error();
  if (!internal::middleman::is_loaded(system))
    return error(errc::invalid_argument, "a node of a cluster needs CAF's middleman: configure the actor system with a "
                                         "registry::clustered_system_config");
  auto made = std::make_shared<mesh>(system, options, std::move(scopes));
  // Held until everything is in place: dials may come in as soon as the service listens.
  const section guard(made->lock_);
  auto with = service_of(options, made->self_, made->node_id_);
  if (auto secured = secure_links(options, with); !secured)
    return secured.error();
  const auto keys = with.keys;
  auto service = link_service::start(std::move(with), *made);
  if (!service)
    return service.error();
  made->service_ = std::move(service).value();
  made->address_ = made->service_->advertised();
  check_certificate(keys.get(), made->address_);
  made->membership_.emplace(membership_of(options, made->self_, made->address_));
  made->seeds_.emplace(seeds_of(options), made->address_);
  made->membership_->start(seeds_of(options), made->now());
  made->act();
  made->clock_ = spawn_mesh_actor(system, made);
  internal::log_info("node {} listens on {} as {}", to_string(made->self_), to_string(made->service_->local_address()),
                     to_string(made->address_));
  return made;
}

instant mesh::now() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

wall_time mesh::wall_clock() const {
  return std::chrono::system_clock::now().time_since_epoch();
}

// -- scopes ----------------------------------------------------------------------------------------------------------------

replication_options mesh::replication_of_new_scope() {
  return {self_, last_epoch_.fetch_add(1) + 1, routes_, options_.replication};
}

bool mesh::add(const std::shared_ptr<scope_state>& opened) {
  const section guard(lock_);
  if (!scopes_->insert(opened))
    return false;
  opened->tick(now());
  for (const auto& [peer, link] : used_) {
    const auto found = links_.find(link);
    if (found == links_.end() || !found->second.announced)
      continue;
    opened->peer_up(peer, handle_state::lost);
    if (membership_->state_of(peer) == membership::peer_state::suspect)
      opened->peer_suspect(peer);
  }
  return true;
}

// -- the link service -------------------------------------------------------------------------------------------------------

std::optional<dial_failure> mesh::objection(const link_info& info, std::string_view node_id) {
  const section guard(lock_);
  return object(info, node_id);
}

std::optional<dial_failure> mesh::object(const link_info& info, std::string_view node_id) {
  if (stopped_)
    return dial_failure::unreachable;
  if (const auto why = membership_->objection(info, now()))
    return why;
  return is_taken(node_id, info.peer) ? std::optional{dial_failure::duplicate_node_id} : std::nullopt;
}

/// Whether CAF would mistake this peer for another one.
bool mesh::is_taken(std::string_view node_id, const incarnation& peer) const {
  return node_id == node_id_ || std::any_of(links_.begin(), links_.end(), [&](const auto& x) {
           return x.second.shared->node_id == node_id && x.second.shared->info.peer != peer;
         });
}

void mesh::established(established_link x) {
  const section guard(lock_);
  if (stopped_)
    return;
  if (x.tls == nullptr && options_.effective_encryption() == "prefer")
    note_plain_link(x.info);
  const auto id = ++last_link_;
  const bool taken = is_taken(x.node_id, x.info.peer); // since both ends agreed
  if (!taken) {
    auto shared = std::make_shared<mesh_link>(id, x.info, x.node_id, x.version);
    links_[id] = {shared, owned_socket{::fcntl(x.socket.descriptor(), F_DUPFD_CLOEXEC, 0)}, {}, {}, false};
  }
  if (x.info.dialled_by == self_)
    seeds_->answered(x.info.dial, x.info.peer);
  membership_->link_begun(id, x.info, now());
  if (taken)
    membership_->link_down(id, link_end::failed, now());
  act();
  // The membership may have had it closed.
  if (const auto kept = links_.find(id); kept != links_.end())
    kept->second.actor =
        spawn_link_actor(shared_from_this(), kept->second.shared, {std::move(x.socket), std::move(x.tls), x.version});
}

void mesh::dial_failed(const node_address& where, dial_failure why, std::string detail) {
  internal::log_debug("no link with {}: {}", to_string(where), detail);
  const section guard(lock_);
  if (stopped_)
    return;
  membership_->dial_failed(where, why, now(), detail);
  seeds_->failed(where, why, std::move(detail));
  act();
}

void mesh::dialler_refused(const node_address& who, dial_failure why, std::string detail) {
  internal::log_debug("refused {}: {}", who.port == 0 ? who.host : to_string(who), detail);
  const section guard(lock_);
  if (stopped_)
    return;
  membership_->dialler_refused(who, why, now(), detail);
  act();
}

// -- link actors -----------------------------------------------------------------------------------------------------------

void mesh::link_ready(link_id link, link_way way) {
  const section guard(lock_);
  const auto found = links_.find(link);
  if (found == links_.end() || stopped_)
    return;
  found->second.way = std::move(way);
  membership_->link_complete(link, now());
  act();
}

/// Tells the scopes of the link in use.
void mesh::announce(link_id link) {
  const auto found = links_.find(link);
  if (found == links_.end())
    return;
  auto& open = found->second;
  const auto& peer = open.shared->info.peer;
  open.announced = true;
  routes_->set(peer, open.way);
  routes_->set_silent(peer, membership_->state_of(peer) == membership::peer_state::suspect);
  for_each_scope([&](scope_state& scope) { scope.peer_up(peer, handle_state::lost); });
}

void mesh::link_lost(link_id link, std::string why) {
  open_link lost; // destroyed after the lock is released
  const section guard(lock_);
  const auto found = links_.find(link);
  if (found == links_.end())
    return;
  const auto how = found->second.announced ? link_end::closed : link_end::failed;
  lost = forget(found);
  why_lost_ = std::move(why);
  membership_->link_down(link, how, now(), why_lost_);
  act();
}

void mesh::report_conflict(const mesh_link& link) {
  if (const auto rest = conflicts_.admit(link.node_id))
    internal::log_error(
        "no encrypted link with {}: the application has a connection of CAF to that node, and CAF can have no second. "
        "Let it connect after the node has linked, or set registry.encryption to none at both{}",
        link.label, *rest);
}

void mesh::note_plain_link(const link_info& info) {
  const auto peer = label_of(info.peer, info.peer_address, info.peer_name);
  if (const auto rest = plain_links_.admit(peer))
    internal::log_warning("the link with {} is not encrypted: that node does not encrypt, or does not know how to{}", peer,
                          *rest);
}

void mesh::heartbeat_received(mesh_link& link, const heartbeat& content) {
  const section guard(lock_);
  if (stopped_)
    return;
  if (content.clock && membership_->link_of(link.info.peer) == link.id)
    clocks_.received(link.info.peer, *content.clock, now(), wall_clock());
  membership_->heartbeat_received(link.id, content, now());
  act();
}

bool mesh::message_received(mesh_link& link, std::string_view scope, const stream_place& after,
                            held_messages::delivery what) {
  if (const auto found = scopes_->find(scope))
    return found->deliver_after(link.info.peer, after, std::move(what));
  what();
  return true;
}

// -- time and decisions ----------------------------------------------------------------------------------------------------

void mesh::tick() {
  {
    const section guard(lock_);
    if (stopped_)
      return;
    // A large message is on its way for long: that some of it comes shows that the peer lives.
    for (const auto id : membership_->quiet_links(now())) {
      const auto link = links_.find(id);
      const auto silence = link != links_.end() ? silence_of(link->second.socket.descriptor()) : std::nullopt;
      if (silence)
        membership_->heard(id, now() - *silence);
    }
    membership_->tick(now());
    act();
    std::erase_if(ended_, [](const auto& x) { return !registry::is_alive(as_member(x)); });
    if (++ticks_ % ticks_per_replica_tick != 0)
      return;
    for (const auto& line : seeds_->complaints(linked_peers(), now()))
      internal::log_warning("{}", line);
    look_for_open_ports();
  }
  for_each_scope([&](scope_state& scope) { scope.tick(now()); });
}

void mesh::look_for_open_ports() {
  if (*told_of_ports_)
    return;
  middleman_.find_open_ports([told = told_of_ports_](const std::vector<std::uint16_t>& ports) {
    if (!ports.empty() && !told->exchange(true))
      internal::log_warning(
          "the application listens at port {} through CAF's publish, and the registry's handshake does not protect that: "
          "anybody who can connect to it can end this process; restrict access to the port",
          ports.front());
  });
}

void mesh::stop() {
  {
    section guard(lock_);
    if (stopped_ || !membership_)
      return;
    service_->stop_listening();
    membership_->leave();
    act();
    links_changed_.wait_for(guard.guard(), goodbye_patience, [&] { return links_.empty(); });
    stopped_ = true;
    while (!links_.empty())
      end(links_.begin());
  }
  service_.reset();
  ended_.push_back(std::exchange(clock_, {}));
  for (const auto& actor : std::exchange(ended_, {}))
    internal::kill_and_wait(system_, actor);
  tell_joined();
}

std::vector<peer_status> mesh::peers() const {
  const section guard(lock_);
  return linked_peers();
}

std::vector<peer_status> mesh::linked_peers() const {
  std::vector<peer_status> out;
  for (const auto& [who, where] : membership_->present()) {
    const auto link = links_.find(membership_->link_of(who));
    const bool reachable =
        link != links_.end() && link->second.announced && membership_->state_of(who) == membership::peer_state::alive;
    auto name = membership_->name_of(who);
    out.push_back({who, where, reachable, name.empty() ? to_string(where) : std::move(name), clocks_.estimate_of(who)});
  }
  return out;
}

} // namespace registry::inline v0_2
