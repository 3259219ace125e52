#include <simulation/cluster.hpp>

#include <registry/hash/detail/splitmix64.hpp>

#include <algorithm>
#include <iostream>
#include <utility>

namespace registry::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr instant tick_interval = milliseconds{250};

bool forgets_digests(mutant x) {
  return x == mutant::blind_digest || x == mutant::silent_loss || x == mutant::no_gap_check;
}

void choose_bounds(world& all, mutant fault) {
  auto& random = all.random;
  auto& bounds = all.replication;
  // Lines that are slower than real ones get less of everything.
  const bool is_slow = all.around.slowest_line != 0;
  if (is_slow || random.percent(60)) {
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
  if (random.percent(30))
    bounds.retry_interval = milliseconds{random.between(is_slow ? 1000 : 300, 2000)};
  bounds.digest_interval = forgets_digests(fault) ? instant{std::chrono::hours{10}} : instant{seconds{2}};
  all.set_scopes({"first"}, {random.percent(80) ? key_mode::duplicate : key_mode::unique});
  if (random.percent(25)) {
    all.scopes.emplace_back("second");
    all.modes.push_back(key_mode::duplicate);
  }
  all.keys = random.between(1, 12);
}

world world_of(const run_options& options) {
  world out{options.seed};
  out.fault = options.fault;
  out.trace = options.trace;
  if (options.calm) {
    out.set_scopes({"first"}, {key_mode::duplicate});
    return out;
  }
  out.around = conditions::draw(out.random, options.nodes);
  choose_bounds(out, options.fault);
  return out;
}

} // namespace

cluster::cluster(const run_options& options)
    : options_(options),
      world_(world_of(options)),
      places_(options.nodes),
      directory_(world_, options.nodes),
      network_(world_, *this, options.nodes) {
  auto& random = world_.random;
  if (options.fault == mutant::silent_loss || options.fault == mutant::no_clock || options.fault == mutant::no_gap_check)
    network_.lose(5);
  network_.slowest(milliseconds{random.percent(50) ? 5 : random.between(50, 900)});
  if (world_.around.slowest_line == 0)
    return;
  for (std::size_t a = 0; a < options.nodes; ++a) {
    for (std::size_t b = 0; b < options.nodes; ++b) {
      if (random.percent(60))
        network_.set_rate(a, b, world_.around.slowest_line * random.between(1, 4));
    }
  }
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
  if (world_.random.percent(20))
    load_lines();
  const auto forgotten_after = world_.around.forget_after;
  if (forgotten_after < std::chrono::hours{1} && world_.random.percent(1))
    world_.time.run_until(world_.time.now() + forgotten_after * 3 / 2);
  world_.time.run_until(world_.time.now() +
                        milliseconds{world_.random.percent(10) ? world_.random.below(3000) : world_.random.below(120)});
}

void cluster::disturb() {
  auto& random = world_.random;
  const auto i = random.below(places_.size());
  switch (random.below(17)) {
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
  case 15:
    return world_.around.corruption ? network_.corrupt_one() : network_.break_one();
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

void cluster::load_lines() {
  if (world_.around.bulk)
    network_.load_one(seconds{5});
}

void cluster::restart(std::size_t i) {
  auto& here = places_[i];
  if (here.running)
    return;
  auto& random = world_.random;
  const auto drift = world_.around.drift;
  const incarnation self{random.next(), random.next()};
  const node_clock clock{drift == 0 ? instant{} : instant{seconds{random.below(100'000)}},
                         static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * drift + 1))) - drift};
  const auto where = directory_.start(i);
  here.running = std::make_unique<node>(world_, static_cast<surroundings&>(*this), i, self, where, clock);
  here.draining = false;
  if (!options_.calm && random.percent(5))
    here.running->version = 2;
  here.running->start(directory_.seeds_of(i));
  log(i, "starts as " + to_string(self) + " at " + to_string(where));
  if (!std::exchange(here.ticking, true))
    tick(i);
}

void cluster::tick(std::size_t i) {
  auto& here = places_[i];
  if (runs(i))
    here.running->tick();
  world_.time.after(here.running ? here.running->clock.wait(tick_interval) : tick_interval, [this, i] { tick(i); });
}

void cluster::crash(std::size_t i, bool silently) {
  if (!places_[i].running)
    return;
  log(i, silently ? "dies silently" : "dies");
  places_[i].past.push_back(places_[i].running->self);
  places_[i].running.reset();
  directory_.stop(i);
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
  places_[i].excused_until = world_.time.now() + seconds{60};
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

// -- network_user and surroundings -----------------------------------------------------------------------------------------

bool cluster::runs(std::size_t i) {
  return places_[i].running && world_.time.now() >= places_[i].running->paused_until;
}

bool cluster::is_running(std::size_t i, const incarnation& who) const {
  return places_[i].running && places_[i].running->self == who;
}

bool cluster::lives(const incarnation& who) const {
  return std::any_of(places_.begin(), places_.end(), [&](const place& x) { return x.running && x.running->self == who; });
}

void cluster::arrived(std::size_t i, link_id link, const message& what) {
  places_[i].running->receive(link, what);
}

void cluster::ended(std::size_t i, link_id link, link_end how) {
  places_[i].running->link_down(link, how);
}

void cluster::straggler(std::size_t i, const incarnation& from, const message& what) {
  // A late acknowledgement of a request that was answered over two links counts for both answers.
  if (message::is_acknowledgement(what))
    places_[i].excused_until = world_.time.now() + seconds{10};
  places_[i].running->straggler(from, what);
}

bool cluster::has_moved_on(std::size_t i, const incarnation& from, link_id link) {
  const auto now = places_[i].running->used_link(from);
  return now != 0 && now != link;
}

void cluster::send(link_id link, message what) {
  digest_ = detail::splitmix64_mix(digest_ ^ link) + static_cast<std::uint64_t>(world_.time.now().count()) + what.size();
  if (what.what == message::kind::frame) {
    ++frames_;
    frame_bytes_ += what.size();
    check_window(link, what);
  }
  network_.send(link, std::move(what));
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
