#include <dispatch/submitter/choice.hpp>

#include <registry/node/nearest_word.hpp>
#include <registry/scope/dispatch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace dispatch {

namespace {

using registry::dispatch_strategy;
using registry::entry;

constexpr const char* occupation_field = "occupation";

dispatch_strategy strategy_for(strategy how, const registry::value& key) {
  switch (how) {
  case strategy::all:
  case strategy::random:
    return dispatch_strategy::random();
  case strategy::round_robin:
    return dispatch_strategy::round_robin();
  case strategy::local_first:
    return dispatch_strategy::local_first();
  case strategy::least:
    return dispatch_strategy::least(occupation_field);
  case strategy::rendezvous:
    return dispatch_strategy::rendezvous(key);
  }
  return dispatch_strategy::random();
}

/// The workers' own figures of their load are older than those of this submitter, which replace them.
std::vector<entry> with_occupation(const std::vector<candidate>& candidates) {
  std::vector<entry> out;
  out.reserve(candidates.size());
  for (const auto& x : candidates) {
    out.push_back(*x.worker);
    out.back().data = registry::object(occupation_field, x.occupation);
  }
  return out;
}

} // namespace

registry::result<strategy> parse_strategy(std::string_view name) {
  static const std::vector<std::pair<std::string, strategy>> all{{"round_robin", strategy::round_robin},
                                                                 {"random", strategy::random},
                                                                 {"least", strategy::least},
                                                                 {"rendezvous", strategy::rendezvous},
                                                                 {"local_first", strategy::local_first}};
  std::vector<std::string> names;
  for (const auto& [known, how] : all) {
    if (name == known)
      return how;
    names.push_back(known);
  }
  return registry::error(registry::errc::invalid_argument,
                         fmt::format("must be round_robin, random, least, rendezvous or local_first, not '{}'{}", name,
                                     registry::did_you_mean(registry::nearest_word(name, names))));
}

const entry* choose(const std::vector<candidate>& candidates, strategy how, const registry::value& key, std::uint32_t turn) {
  std::vector<candidate> open;
  for (const auto& x : candidates) {
    if (x.has_room || how == strategy::rendezvous)
      open.push_back(x);
  }
  const auto copies = how == strategy::least ? with_occupation(open) : std::vector<entry>{};
  std::vector<const entry*> pool;
  for (std::size_t i = 0; i < open.size(); ++i)
    pool.push_back(copies.empty() ? open[i].worker : &copies[i]);
  const auto chosen = registry::select_members(pool, strategy_for(how, key), turn);
  if (chosen.empty())
    return nullptr;
  const auto place = static_cast<std::size_t>(std::find(pool.begin(), pool.end(), chosen.front()) - pool.begin());
  return open[place].worker;
}

} // namespace dispatch
