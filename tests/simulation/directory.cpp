#include <simulation/directory.hpp>

#include <algorithm>
#include <string>

namespace registry::simulation {

namespace {

constexpr std::uint16_t first_port = 1000;
/// Every node has two addresses, as hosts have names and numbers. This one it keeps.
constexpr const char* alias = "alias";
/// Leads to where the node is.
constexpr const char* name = "name";
/// Leads to all nodes that run.
constexpr const char* everybody = "everybody";
constexpr const char* balancer = "balancer";
/// It can be dialled by all.
constexpr std::size_t hub = 0;

std::uint16_t port_of(std::size_t node) {
  return static_cast<std::uint16_t>(first_port + node);
}

} // namespace

directory::directory(world& all, std::size_t nodes)
    : all_(all), at_(nodes), closed_(nodes * nodes, false), by_all_(nodes, true) {
  for (std::size_t i = 0; i < nodes; ++i) {
    at_[i].where = at_[i].before = {"node", port_of(i)};
    nodes_[at_[i].where] = i;
    nodes_[{alias, port_of(i)}] = i;
  }
  if (all.around.one_way)
    draw_firewalls();
  if (all.around.shared_address)
    at_.back().where = at_.back().before = at_.front().where;
}

void directory::draw_firewalls() {
  const auto nodes = at_.size();
  for (std::size_t to = 0; to < nodes; ++to) {
    const bool by_nobody = all_.random.percent(40);
    for (std::size_t from = 0; from < nodes; ++from) {
      const bool is_closed = to != hub && from != to && (by_nobody || all_.random.percent(20));
      closed_[from * nodes + to] = is_closed;
      by_all_[to] = by_all_[to] && !is_closed;
    }
  }
}

bool directory::shares_address(std::size_t node) const {
  return all_.around.shared_address && (node == 0 || node == at_.size() - 1);
}

/// Two nodes that advertise one address, and are to hear of that from others.
bool directory::are_namesakes(std::size_t a, std::size_t b) const {
  return a != b && shares_address(a) && shares_address(b) && !all_.around.one_way;
}

bool directory::can_dial(std::size_t from, std::size_t to) const {
  // What has two owners is not dialled for the one while the other is linked.
  return admits(from, to) && !shares_address(to);
}

node_address directory::start(std::size_t node) {
  auto& here = at_[node];
  if (all_.around.moves && !shares_address(node) && here.moves++ > 0)
    move(node);
  here.runs = true;
  return here.where;
}

void directory::stop(std::size_t node) {
  at_[node].runs = false;
}

void directory::move(std::size_t node) {
  auto& here = at_[node];
  if (all_.random.percent(30))
    return;
  node_address next{"node" + std::to_string(here.moves), port_of(node)};
  if (!left_.empty() && all_.random.percent(40)) {
    const auto taken = all_.random.below(left_.size());
    next = left_[taken];
    left_.erase(left_.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  nodes_.erase(here.where);
  left_.push_back(here.where);
  here.before = here.where;
  here.where = next;
  here.moved_at = all_.time.now();
  nodes_[next] = node;
}

node_address directory::stable(std::size_t node) const {
  return {all_.around.names ? name : alias, port_of(node)};
}

std::vector<node_address> directory::seeds_of(std::size_t node) {
  const auto& around = all_.around;
  if (around.only_balancer)
    return {{balancer, first_port}};
  const bool plain = !around.names && !around.moves && !around.shared_address;
  std::vector<node_address> out;
  for (std::size_t n = 0; n < 3; ++n) {
    const auto seed = all_.random.below(at_.size());
    if (are_namesakes(node, seed))
      continue;
    out.push_back(all_.random.percent(50) ? at_[seed].where : node_address{alias, port_of(seed)});
  }
  // A chain of seeds connects everybody.
  const auto after = (node + 1) % at_.size();
  const auto next = are_namesakes(node, after) ? after + 1 : after;
  if (!plain && all_.random.percent(50))
    out.clear();
  out.push_back(plain ? at_[next].where : stable(next));
  if (around.one_way)
    out.push_back(stable(hub));
  if (around.names && all_.random.percent(50))
    out.push_back({everybody, first_port});
  if (around.balancer)
    out.push_back({balancer, first_port});
  return out;
}

bool directory::is_name(const node_address& where) {
  return where.host == everybody || where.host == name;
}

std::vector<node_address> directory::look_up(std::size_t who, const node_address& asked) {
  const bool remembers = all_.fault == mutant::stale_names;
  if (remembers && !remembered_[{who, asked}].empty())
    return remembered_[{who, asked}];
  if (all_.random.percent(all_.healed ? 5 : 20))
    return {};
  std::vector<node_address> out;
  if (asked.host == name) {
    const auto& there = at_[asked.port - first_port];
    const bool is_old = all_.time.now() - there.moved_at < all_.around.stale_names;
    out.push_back(is_old ? there.before : there.where);
  } else {
    for (const auto& x : at_) {
      if (x.runs || all_.random.percent(20))
        out.push_back(x.where);
    }
    for (std::size_t i = out.size(); i > 1; --i)
      std::swap(out[i - 1], out[all_.random.below(i)]);
  }
  if (remembers)
    remembered_[{who, asked}] = out;
  return out;
}

std::size_t directory::behind_balancer() {
  std::vector<std::size_t> healthy;
  for (std::size_t i = 0; i < at_.size(); ++i) {
    if (by_all_[i] && (at_[i].runs || all_.random.percent(20)))
      healthy.push_back(i);
  }
  if (healthy.empty())
    return hub;
  return healthy[all_.around.balancer_in_turn ? turn_++ % healthy.size() : all_.random.below(healthy.size())];
}

std::optional<std::size_t> directory::answers(const node_address& where) {
  if (where.host == balancer)
    return behind_balancer();
  const auto found = nodes_.find(where);
  return found == nodes_.end() ? std::nullopt : std::optional{found->second};
}

} // namespace registry::simulation
