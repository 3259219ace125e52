#include <simulation/cluster.hpp>

#include <algorithm>
#include <iostream>
#include <utility>

namespace registry::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr instant tick_interval = milliseconds{250};
/// The time in which the nodes must agree after everything has healed, and the time for which they must keep to it.
constexpr instant time_to_agree = seconds{120};
constexpr instant time_to_stay = seconds{12};

bool forgets_digests(mutant x) {
  return x == mutant::blind_digest || x == mutant::silent_loss || x == mutant::no_gap_check;
}

void choose_bounds(world& all, const run_options& options) {
  auto& random = all.random;
  auto& bounds = all.replication;
  if (random.percent(60)) {
    bounds.window = random.between(100, 4000);
    bounds.acknowledge_after = bounds.window / random.between(2, 4);
    bounds.frame_size = random.between(50, 2000);
    bounds.journal_bytes = random.between(100, 8000);
  }
  if (random.percent(50)) {
    bounds.immediate_entries = 0;
    all.work_percent = static_cast<unsigned>(random.between(2, 100));
    const auto of_key = random.between(1, 8);
    all.steps = {random.between(1, 8), of_key, random.between(1, of_key)};
  }
  bounds.digest_interval = forgets_digests(options.fault) ? instant{std::chrono::hours{10}} : instant{seconds{2}};
  all.set_scopes({"first"}, {random.percent(80) ? key_mode::duplicate : key_mode::unique});
  if (random.percent(25)) {
    all.scopes.emplace_back("second");
    all.modes.push_back(key_mode::duplicate);
  }
  all.keys = random.between(1, 12);
}

} // namespace

cluster::cluster(const run_options& options)
    : options_(options),
      world_(options.seed),
      places_(options.nodes),
      network_(world_.time, world_.random, *this, options.nodes) {
  world_.fault = options.fault;
  world_.trace = options.trace;
  if (options.calm)
    world_.set_scopes({"first"}, {key_mode::duplicate});
  else
    choose_bounds(world_, options);
  if (options.fault == mutant::silent_loss || options.fault == mutant::no_clock || options.fault == mutant::no_gap_check)
    network_.lose(5);
  network_.slowest(milliseconds{world_.random.percent(50) ? 5 : world_.random.between(50, 900)});
  for (std::size_t i = 0; i < places_.size(); ++i)
    places_[i].where = {"node", static_cast<std::uint16_t>(first_port + i)};
}

std::optional<std::string> cluster::run() {
  try {
    for (std::size_t i = 0; i < places_.size(); ++i)
      restart(i);
    for (std::size_t i = 0; i < options_.steps; ++i)
      step();
    settle_down();
    return std::nullopt;
  } catch (const violation& x) {
    const auto at = std::chrono::duration_cast<milliseconds>(world_.time.now()).count();
    return std::string{x.what()} + ", at " + std::to_string(at) + " ms";
  }
}

// -- disturbance -----------------------------------------------------------------------------------------------------------

void cluster::step() {
  const auto i = world_.random.below(places_.size());
  if (world_.random.percent(80)) {
    for (auto n = world_.random.between(1, 4); n > 0; --n) {
      if (runs(i))
        places_[i].running->operate();
    }
  } else {
    disturb();
  }
  world_.time.run_until(world_.time.now() +
                        milliseconds{world_.random.percent(10) ? world_.random.below(3000) : world_.random.below(120)});
}

void cluster::disturb() {
  auto& random = world_.random;
  const auto i = random.below(places_.size());
  switch (random.below(16)) {
  case 0:
  case 1:
  case 2:
    return partition();
  case 3:
  case 4:
    return network_.open_all();
  case 5:
  case 6:
  case 7:
  case 8:
    return network_.break_one();
  case 9:
  case 10:
    if (places_[i].running)
      places_[i].running->paused_until = world_.time.now() + milliseconds{random.between(100, 12'000)};
    return;
  case 11:
  case 12:
    return crash(i, random.percent(30));
  case 13:
    return drain_node(i);
  case 14:
    return reopen(i);
  default:
    network_.slowest(milliseconds{random.percent(50) ? 5 : random.between(50, 900)});
  }
}

void cluster::partition() {
  auto& random = world_.random;
  const bool one_way = random.percent(40);
  const auto side = random.next();
  for (std::size_t a = 0; a < places_.size(); ++a) {
    for (std::size_t b = 0; b < places_.size(); ++b) {
      if ((side >> a & 1U) != 0 && (side >> b & 1U) == 0) {
        network_.block(a, b, true);
        network_.block(b, a, !one_way);
      }
    }
  }
}

void cluster::restart(std::size_t i) {
  auto& here = places_[i];
  if (here.running)
    return;
  const incarnation self{world_.random.next(), world_.random.next()};
  here.running = std::make_unique<node>(world_, static_cast<surroundings&>(*this), i, self, here.where);
  here.draining = false;
  if (!options_.calm && world_.random.percent(5))
    here.running->version = 2;
  std::vector<node_address> seeds;
  for (std::size_t n = 0; n < 3; ++n) {
    const auto seed = world_.random.below(places_.size());
    const auto base = world_.random.percent(50) ? first_port : first_alias;
    seeds.push_back({"node", static_cast<std::uint16_t>(base + seed)});
  }
  // A chain of seeds connects everybody.
  seeds.push_back(places_[(i + 1) % places_.size()].where);
  here.running->start(seeds);
  log(i, "starts as " + to_string(self));
  if (!std::exchange(here.ticking, true))
    tick(i);
}

void cluster::tick(std::size_t i) {
  auto& here = places_[i];
  if (runs(i))
    here.running->tick();
  world_.time.after(tick_interval, [this, i] { tick(i); });
}

void cluster::crash(std::size_t i, bool silently) {
  if (!places_[i].running)
    return;
  log(i, silently ? "dies silently" : "dies");
  places_[i].running.reset();
  network_.crashed(i, silently);
  world_.time.after(milliseconds{world_.random.below(15'000)}, [this, i] { restart(i); });
}

void cluster::drain_node(std::size_t i) {
  if (!runs(i) || places_[i].draining)
    return;
  log(i, "leaves");
  places_[i].draining = true;
  places_[i].running->leave();
  world_.time.after(seconds{1}, [this, i, self = places_[i].running->self] {
    if (places_[i].running && places_[i].running->self == self)
      crash(i, false);
  });
}

void cluster::reopen(std::size_t i) {
  if (!runs(i))
    return;
  const auto scope = world_.random.below(world_.scopes.size());
  if (!places_[i].running->is_open(scope))
    return;
  log(i, "closes a scope");
  places_[i].running->close_scope(scope);
  world_.time.after(milliseconds{world_.random.below(4000)}, [this, i, scope, self = places_[i].running->self] {
    if (is_running(i, self) && !places_[i].running->is_open(scope))
      places_[i].running->open_scope(scope);
  });
}

void cluster::heal() {
  network_.open_all();
  network_.slowest(milliseconds{20});
  for (std::size_t i = 0; i < places_.size(); ++i) {
    auto& here = places_[i];
    if (here.running && (here.running->version != 1 || here.draining))
      crash(i, false);
    restart(i);
    here.running->paused_until = {};
    here.running->version = 1;
  }
}

// -- conditions at the end -------------------------------------------------------------------------------------------------

void cluster::settle_down() {
  world_.work_percent = 100;
  heal();
  const auto healed = world_.time.now();
  std::optional<std::string> wrong;
  do {
    world_.time.run_until(world_.time.now() + seconds{2});
    wrong = mesh_fault();
    if (!wrong)
      wrong = difference();
  } while (wrong && world_.time.now() < healed + time_to_agree);
  if (wrong)
    throw violation("the nodes do not agree in the end: " + *wrong);
  world_.time.run_until(world_.time.now() + time_to_stay);
  wrong = mesh_fault();
  if (!wrong)
    wrong = difference();
  if (wrong)
    throw violation("the nodes agreed, but not for long enough: " + *wrong);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].running->mismatches() != 0)
      throw violation("a digest differed although nothing was lost");
  }
}

std::optional<std::string> cluster::mesh_fault() {
  for (std::size_t a = 0; a < places_.size(); ++a) {
    for (std::size_t b = 0; b < places_.size(); ++b) {
      if (a == b)
        continue;
      auto& mine = *places_[a].running;
      auto& theirs = *places_[b].running;
      const auto pair = "nodes " + std::to_string(a) + " and " + std::to_string(b);
      if (mine.members().state_of(theirs.self) != membership::peer_state::alive)
        return pair + " do not know each other";
      const auto link = mine.members().link_of(theirs.self);
      if (network::other(link) != theirs.members().link_of(mine.self) || !network_.is_open(link))
        return pair + " use different links";
    }
    if (places_[a].running->members().present().size() != places_.size() - 1)
      return "node " + std::to_string(a) + " knows a node that is not there";
  }
  return std::nullopt;
}

std::optional<std::string> cluster::difference() {
  for (std::size_t scope = 0; scope < world_.scopes.size(); ++scope) {
    std::vector<std::string> joined;
    for (const auto& x : places_) {
      if (!x.running->is_open(scope))
        return "a scope is closed";
      x.running->describe(scope, true, joined);
    }
    std::sort(joined.begin(), joined.end());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      std::vector<std::string> held;
      places_[i].running->describe(scope, false, held);
      std::sort(held.begin(), held.end());
      if (held == joined)
        continue;
      std::vector<std::string> missing;
      std::vector<std::string> ghosts;
      std::set_difference(joined.begin(), joined.end(), held.begin(), held.end(), std::back_inserter(missing));
      std::set_difference(held.begin(), held.end(), joined.begin(), joined.end(), std::back_inserter(ghosts));
      return "node " + std::to_string(i) + " lacks " + std::to_string(missing.size()) + " entries of " +
             std::to_string(joined.size()) + " and has " + std::to_string(ghosts.size()) + " that no owner has";
    }
  }
  return std::nullopt;
}

/// A link holds no more than the windows allow, the largest frames, and some small control frames.
void cluster::check_bounds(link_id link) const {
  const auto& bounds = world_.replication;
  const auto allowed = world_.scopes.size() * 3 * (bounds.window + bounds.frame_size + 2048) + 32'768;
  if (network_.under_way(link) > allowed)
    throw violation("more is under way in a link than the windows allow");
}

// -- network_user and surroundings -----------------------------------------------------------------------------------------

bool cluster::runs(std::size_t i) {
  return places_[i].running && world_.time.now() >= places_[i].running->paused_until;
}

bool cluster::is_running(std::size_t i, const incarnation& who) const {
  return places_[i].running && places_[i].running->self == who;
}

void cluster::arrived(std::size_t i, link_id link, const message& what) {
  places_[i].running->receive(link, what);
}

void cluster::ended(std::size_t i, link_id link) {
  places_[i].running->link_down(link);
}

void cluster::straggler(std::size_t i, const incarnation& from, const message& what) {
  places_[i].running->straggler(from, what);
}

bool cluster::has_moved_on(std::size_t i, const incarnation& from, link_id link) {
  const auto now = places_[i].running->members().link_of(from);
  return now != 0 && now != link;
}

void cluster::send(link_id link, message what) {
  if (what.what == message::kind::frame) {
    ++frames_;
    frame_bytes_ += what.cost();
  }
  network_.send(link, std::move(what));
  check_bounds(link);
}

void cluster::log(std::size_t i, const std::string& text) {
  if (options_.trace)
    std::cerr << std::chrono::duration_cast<milliseconds>(world_.time.now()).count() << " ms: node " << i << ' ' << text
              << '\n';
}

std::string cluster::statistics() const {
  std::string out;
  for (const auto& x : places_) {
    if (x.running)
      out.append(x.running->statistics()).append("\n");
  }
  return out;
}

} // namespace registry::simulation
