#include <chaos/plan.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

namespace cluster_tests::chaos {

namespace {

constexpr double between_operations = 15; // milliseconds
constexpr double between_faults = 700;
constexpr std::chrono::milliseconds shortest_turmoil{10'000};
constexpr std::size_t turmoil_spread = 12'000;
constexpr std::size_t keys = 150;
constexpr std::size_t most_entries = 300; // of a node
constexpr std::size_t most_bytes = std::size_t{16} << 20U;

/// How often a fault is chosen, how long it lasts, and how bad it is.
struct trait {
  deed what;
  std::size_t weight;
  double shortest = 1;
  double longest = 1;
  double least = 0;
  double most = 0;
};

constexpr std::array<trait, 14> traits{{
    {deed::crash_scope, 4},
    {deed::restart, 5},
    {deed::rotate, 5},
    {deed::kill, 8, 10, 10'000},
    {deed::drain, 4, 10, 3'000},
    {deed::pause, 8, 50, 12'000},
    {deed::flap, 10, 1, 500},
    {deed::unplug, 6, 100, 10'000},
    {deed::part, 5, 300, 12'000},
    {deed::cut_way, 7, 300, 12'000},
    {deed::lose, 7, 500, 8'000, 1, 30},
    {deed::limit, 8, 1'000, 10'000, 1e6, 1e9},
    {deed::delay, 8, 1'000, 10'000, 1, 200},
    {deed::corrupt, 12, 200, 4'000, 2, 200},
}};

bool lasts(deed what) {
  return what >= deed::kill && what <= deed::corrupt;
}

/// Whether nobody can talk to a node meanwhile.
bool occupies(deed what) {
  return what == deed::kill || what == deed::drain || what == deed::pause;
}

} // namespace

plan::plan(std::uint64_t seed, std::size_t nodes, const truth& known)
    : random_(seed), nodes_(nodes), known_(known), secrets_(nodes) {
  next_rest_ = shortest_turmoil;
}

double plan::any_magnitude(double least, double most) {
  const auto share = static_cast<double>(random_() >> 11U) / 0x1p53;
  return least * std::pow(most / least, share);
}

plan::milliseconds plan::pause(double mean) {
  const auto share = (static_cast<double>(random_() >> 11U) + 1) / 0x1p53;
  return milliseconds{static_cast<std::int64_t>(-std::log(share) * mean)};
}

std::vector<std::size_t> plan::free_nodes() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < nodes_; ++i) {
    if (std::ranges::none_of(open_, [&](const action& x) { return occupies(x.what) && x.node == i; }))
      out.push_back(i);
  }
  return out;
}

bool plan::is_open(deed what, std::size_t node) const {
  return std::ranges::any_of(open_, [&](const action& x) { return x.what == what && x.node == node; });
}

action plan::next() {
  for (;;) {
    const auto end = std::ranges::min_element(open_, {}, &action::at);
    const auto now = std::min({next_operation_, next_fault_, next_rest_, end != open_.end() ? end->at : next_rest_});
    if (end != open_.end() && (end->at == now || now == next_rest_)) {
      auto out = *end;
      out.at = now;
      open_.erase(end);
      return out;
    }
    std::optional<action> out;
    if (now == next_rest_) {
      next_rest_ += shortest_turmoil + milliseconds{any(turmoil_spread)};
      out = action{};
    } else if (now == next_operation_) {
      next_operation_ += pause(between_operations);
      out = operation();
    } else {
      next_fault_ += pause(between_faults);
      out = fault();
    }
    if (!out)
      continue;
    out->at = now;
    if (lasts(out->what))
      open_.push_back(end_of(*out));
    return *out;
  }
}

// -- operations ------------------------------------------------------------------------------------------------------------

registry::value plan::data() {
  const auto size = any(100) < 2 ? any(std::size_t{1} << 20U) : static_cast<std::size_t>(any_magnitude(1, 10'000));
  std::string text(size, ' ');
  for (auto& x : text)
    x = static_cast<char>('a' + any(26));
  return registry::object("n", serial_++, "text", std::move(text));
}

std::optional<action> plan::operation() {
  const auto at = free_nodes();
  if (at.empty())
    return std::nullopt;
  action out;
  out.node = at[any(at.size())];
  const auto& own = known_.at(out.node);
  const auto chosen = any(100);
  const bool full = known_.size() > most_bytes || own.entries.size() > most_entries;
  if (chosen < 15) {
    constexpr std::array<const char*, 4> strategies{"all", "random", "round_robin", "local_first"};
    out.what = deed::dispatch;
    out.strategy = strategies.at(any(strategies.size()));
    out.scope = "rooms";
    out.key = "k" + std::to_string(any(keys));
  } else if (own.entries.empty() || (!full && chosen < 55)) {
    out.what = deed::join;
    choose_join(out);
    if (known_.at(out.node).uncertain.contains(out.key))
      return std::nullopt;
  } else {
    out.what = !full && chosen < 80 ? deed::update : chosen < 97 ? deed::leave : deed::end_member;
    choose_entry(out);
  }
  return out;
}

void plan::choose_join(action& x) {
  const auto& actors = known_.at(x.node).actors;
  x.scope = any(4) == 0 ? "names" : "rooms";
  x.key = "k" + std::to_string(any(keys));
  x.data = data();
  if (!actors.empty() && any(10) < 7)
    x.member = std::next(actors.begin(), static_cast<std::ptrdiff_t>(any(actors.size())))->first;
  x.is_refused = x.scope == "names" && known_.holds(x.node, x.scope, x.key);
}

void plan::choose_entry(action& x) {
  const auto& entries = known_.at(x.node).entries;
  const auto& chosen = entries[any(entries.size())];
  x.scope = chosen.scope;
  x.key = chosen.key;
  x.member = chosen.member;
  if (x.what == deed::update)
    x.data = data();
}

// -- faults ----------------------------------------------------------------------------------------------------------------

std::optional<action> plan::fault() {
  std::size_t sum = 0;
  for (const auto& x : traits)
    sum += x.weight;
  auto left = any(sum);
  const auto* chosen = traits.begin();
  for (; left >= chosen->weight; ++chosen)
    left -= chosen->weight;
  action out;
  out.what = chosen->what;
  if (chosen->most > 0)
    out.amount = static_cast<std::size_t>(any_magnitude(chosen->least, chosen->most));
  if (!aim(out))
    return std::nullopt;
  return out;
}

bool plan::aim(action& x) {
  return x.what <= deed::pause ? aim_at_process(x) : aim_at_line(x);
}

bool plan::aim_at_process(action& x) {
  const auto at = free_nodes();
  if (at.size() < 3 && x.what != deed::crash_scope)
    return false;
  x.node = at[any(at.size())];
  if (x.what == deed::crash_scope)
    x.scope = any(2) == 0 ? "rooms" : "names";
  if (x.what == deed::rotate) {
    // Nodes that know each other's secret have changed as often, or one time more.
    const auto least = *std::ranges::min_element(secrets_);
    if (secrets_[x.node] != least)
      return false;
    ++secrets_[x.node];
  }
  return true;
}

bool plan::aim_at_line(action& x) {
  x.node = any(nodes_);
  if (x.what == deed::part) {
    const auto chosen = 1 + any((std::size_t{1} << nodes_) - 2);
    for (std::size_t i = 0; i < nodes_; ++i) {
      if (((chosen >> i) & 1U) != 0)
        x.group.push_back(i);
    }
    x.node = 0; // one at a time
  }
  if (x.what == deed::cut_way)
    x.other = (x.node + 1 + any(nodes_ - 1)) % nodes_;
  return !is_open(x.what, x.node);
}

action plan::end_of(const action& x) {
  const auto* known = std::ranges::find(traits, x.what, &trait::what);
  auto out = x;
  out.ends = true;
  out.at = x.at + any_time(known->shortest, known->longest);
  return out;
}

} // namespace cluster_tests::chaos
