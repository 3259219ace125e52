#include <simulation/cluster.hpp>

#include <registry/wire/internal/codec.hpp>

#include <algorithm>
#include <variant>

// What must hold, at the end above all: everything has healed, and the nodes find together again.

namespace registry::simulation {

namespace {

using std::chrono::seconds;

/// The time in which the nodes must agree after everything has healed, and the time for which they must keep to it.
constexpr instant time_to_agree = seconds{120};
constexpr instant time_to_stay = seconds{12};
constexpr instant time_for_requests = seconds{30};
/// After that nobody is suspected any more.
constexpr instant time_to_calm_down = seconds{20};
/// The time in which all are linked, and how much longer it may take to meet by chance, behind an address of several.
constexpr instant time_to_link = seconds{60};
constexpr instant time_to_meet = seconds{300};
/// How often a line may be taken by what it carries. Links change, and what an application sends is in the way.
constexpr std::int64_t times_of_content = 8;
constexpr instant look_interval = seconds{2};
constexpr instant forgetting_interval = seconds{60};
constexpr unsigned least_work_percent = 25;

} // namespace

void cluster::settle_down() {
  world_.work_percent = std::max(world_.work_percent, least_work_percent);
  world_.healed = true;
  world_.healed_at = world_.time.now();
  heal();
  const auto& around = world_.around;
  const auto linked_by = world_.healed_at + time_to_link + (around.balancer ? time_to_meet : instant{}) +
                         (around.rumours ? 10 * around.dial_timeout : instant{});
  const auto agreed_by = linked_by + time_to_agree - time_to_link + time_for_content();
  std::optional<std::string> wrong;
  do {
    pass(look_interval);
    wrong = mesh_fault();
    if (wrong && world_.time.now() >= linked_by)
      throw violation("not all nodes are linked in the end: " + *wrong);
    if (!wrong)
      wrong = difference();
  } while (wrong && world_.time.now() < agreed_by);
  if (wrong)
    throw violation("the nodes do not agree in the end: " + *wrong);
  stay();
  check_forgetting();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].running->mismatches() != 0)
      throw violation("a digest differed although nothing was lost");
  }
}

/// Lets time pass in which nothing is wrong.
void cluster::pass(instant time) {
  for (const auto end = world_.time.now() + time; world_.time.now() < end;) {
    load_lines();
    world_.time.run_until(std::min(end, world_.time.now() + look_interval));
    for (const auto& x : places_) {
      if (x.running->last_suspicion() > world_.healed_at + time_to_calm_down)
        throw violation("a node suspects another although nothing is wrong");
    }
  }
}

void cluster::stay() {
  const auto snapshots = [&] {
    std::uint64_t sum = 0;
    for (const auto& x : places_)
      sum += x.running->snapshots();
    return sum;
  };
  // A request may still be under way on a slow line, and be answered.
  if (world_.around.slowest_line != 0)
    pass(time_for_requests);
  const auto before = snapshots();
  pass(time_to_stay);
  // Nodes of one address may take turns, and meet each other behind another address at any time.
  if (world_.around.shared_address)
    return;
  auto wrong = mesh_fault();
  if (!wrong)
    wrong = difference();
  if (wrong)
    throw violation("the nodes agreed, but not for long enough: " + *wrong);
  if (snapshots() != before)
    throw violation("all entries were sent anew although nothing is wrong");
}

/// How long the lines take for what the nodes have.
instant cluster::time_for_content() const {
  if (world_.around.slowest_line == 0)
    return {};
  std::size_t most = 0;
  for (const auto& x : places_) {
    std::vector<std::string> entries;
    for (std::size_t scope = 0; scope < world_.scopes.size(); ++scope) {
      if (x.running->is_open(scope))
        x.running->describe(scope, true, entries);
    }
    std::size_t bytes = 0;
    for (const auto& one : entries)
      bytes += one.size() + 64;
    most = std::max(most, bytes);
  }
  return times_of_content * instant{seconds{1}} * static_cast<std::int64_t>(most / world_.around.slowest_line + 1);
}

// -- links -----------------------------------------------------------------------------------------------------------------

std::optional<std::string> cluster::mesh_fault() {
  for (std::size_t a = 0; a < places_.size(); ++a) {
    auto& mine = *places_[a].running;
    for (std::size_t b = 0; b < places_.size(); ++b) {
      if (auto wrong = a == b ? std::nullopt : pair_fault(a, b))
        return wrong;
    }
    const auto is_there = [&](const known_node& x) {
      return std::any_of(places_.begin(), places_.end(), [&](const place& y) { return y.running->self == x.who; });
    };
    const auto present = mine.members().present();
    if (!std::all_of(present.begin(), present.end(), is_there))
      return "node " + std::to_string(a) + " knows a node that is not there";
    if (directory_.shares_address(a) && !mine.told_of_namesake())
      return "node " + std::to_string(a) + " was not told that another one has its address";
  }
  return std::nullopt;
}

std::optional<std::string> cluster::pair_fault(std::size_t a, std::size_t b) {
  auto& mine = *places_[a].running;
  auto& theirs = *places_[b].running;
  const auto pair = "nodes " + std::to_string(a) + " and " + std::to_string(b);
  const auto link = mine.members().link_of(theirs.self);
  const auto back = theirs.members().link_of(mine.self);
  if (link == 0 && back == 0 && !directory_.linkable(a, b))
    return std::nullopt;
  if (mine.members().state_of(theirs.self) != membership::peer_state::alive)
    return pair + " do not know each other";
  if (link == 0 || network::other(link) != back || !network_.is_open(link))
    return pair + " use different links";
  return std::nullopt;
}

/// Of what has gone nothing is remembered for longer than it has to be.
void cluster::check_forgetting() {
  const auto after = world_.around.forget_after;
  if (after >= std::chrono::hours{1})
    return;
  pass((after + forgetting_interval) * 11 / 10 + look_interval);
  for (const auto& x : places_) {
    auto& members = x.running->members();
    if (members.dialled_addresses() > x.running->seed_count() + places_.size())
      throw violation("an address is remembered that nobody has had for long");
    for (const auto& other : places_) {
      if (std::any_of(other.past.begin(), other.past.end(),
                      [&](const auto& who) { return members.state_of(who) != membership::peer_state::unknown; }))
        throw violation("a node is remembered that has been gone for long");
    }
  }
}

// -- content ---------------------------------------------------------------------------------------------------------------

std::optional<std::string> cluster::difference() {
  for (std::size_t scope = 0; scope < world_.scopes.size(); ++scope) {
    std::vector<std::vector<std::string>> joined(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (!places_[i].running->is_open(scope))
        return "a scope is closed";
      places_[i].running->describe(scope, true, joined[i]);
    }
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (auto wrong = difference_at(i, scope, joined))
        return wrong;
    }
  }
  return std::nullopt;
}

/// Compares what a node holds with what it and the nodes linked with it have joined.
std::optional<std::string> cluster::difference_at(std::size_t i, std::size_t scope,
                                                  const std::vector<std::vector<std::string>>& joined) {
  auto& here = *places_[i].running;
  std::vector<std::string> expected;
  for (std::size_t j = 0; j < joined.size(); ++j) {
    if (i == j || here.members().link_of(places_[j].running->self) != 0)
      expected.insert(expected.end(), joined[j].begin(), joined[j].end());
  }
  std::sort(expected.begin(), expected.end());
  std::vector<std::string> held;
  here.describe(scope, false, held);
  std::sort(held.begin(), held.end());
  if (held != expected) {
    std::vector<std::string> missing;
    std::vector<std::string> ghosts;
    std::set_difference(expected.begin(), expected.end(), held.begin(), held.end(), std::back_inserter(missing));
    std::set_difference(held.begin(), held.end(), expected.begin(), expected.end(), std::back_inserter(ghosts));
    return "node " + std::to_string(i) + " lacks " + std::to_string(missing.size()) + " entries of " +
           std::to_string(expected.size()) + " and has " + std::to_string(ghosts.size()) + " that no owner has";
  }
  if (!here.is_in_sync(scope))
    return "node " + std::to_string(i) + " has not heard of all";
  if (here.stale_handles(scope) != 0)
    return "node " + std::to_string(i) + " has handles of a connection that is gone";
  return std::nullopt;
}

/// Only the first part of an answer may be sent while a window is under way: of the answer before, over the same link.
void cluster::check_window(link_id link, const message& what) {
  if (what.cost() == 0 || network_.under_way(link, what.scope) < world_.replication.window)
    return;
  // What a scope sent before it was opened again is another replica's.
  if (world_.time.now() < places_[network_.node_of(link)].excused_until)
    return;
  const auto read = decode_frame(*what.content).value();
  const auto* header = std::visit(
      [](const auto& x) -> const content_header* {
        if constexpr (requires { x.header; })
          return &x.header;
        else
          return nullptr;
      },
      read.what);
  const auto [last, is_first] = in_excess_.try_emplace({link, what.scope}, *header);
  const auto& known = last->second;
  if (!is_first && known.token == header->token && known.epoch == header->epoch && known.answer == header->answer)
    throw violation("more is under way in a link than a window");
  last->second = *header;
}

} // namespace registry::simulation
