#include <registry/hash/detail/splitmix64.hpp>
#include <registry/scope/dispatch.hpp>
#include <registry/scope/internal/random.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2 {

namespace {

/// Spreads the combined hashes over all bits, so that the highest one is fair.
std::uint64_t mixed(std::uint64_t x) noexcept {
  return detail::splitmix64(x);
}

bool is_number(const value* x) noexcept {
  return x != nullptr && (x->type() == value::kind::integer || x->type() == value::kind::real);
}

/// Whether `a` is preferred to `b` when the smallest number under `field` is wanted.
bool less_loaded(const entry& a, const entry& b, std::string_view field) noexcept {
  const auto* x = a.data.find(field);
  const auto* y = b.data.find(field);
  if (is_number(x) && is_number(y))
    return *x < *y;
  return is_number(x) && !is_number(y);
}

const entry* any_local_first(const std::vector<const entry*>& candidates) {
  std::vector<const entry*> local;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(local),
               [](const entry* x) { return x->is_local(); });
  const auto& pool = local.empty() ? candidates : local;
  return pool[internal::random_below(pool.size())];
}

const entry* least_loaded(const std::vector<const entry*>& candidates, std::string_view field) {
  return *std::min_element(candidates.begin(), candidates.end(),
                           [=](const entry* a, const entry* b) { return less_loaded(*a, *b, field); });
}

const entry* highest_weight(const std::vector<const entry*>& candidates, const value& key) {
  const auto seed = mixed(key.stable_hash());
  const auto weight = [=](const entry* x) { return mixed(seed ^ hash_member(x->who)); };
  return *std::max_element(candidates.begin(), candidates.end(),
                           [=](const entry* a, const entry* b) { return weight(a) < weight(b); });
}

} // namespace

result<dispatch_strategy> dispatch_strategy::parse(const value& x) {
  if (const auto name = x.as_string()) {
    if (*name == "all")
      return all();
    if (*name == "random")
      return random();
    if (*name == "round_robin")
      return round_robin();
    if (*name == "local_first")
      return local_first();
  }
  if (const auto parts = x.as_list(); parts.size() == 2) {
    const auto name = parts[0].as_string();
    if (name == "least" && parts[1].as_string())
      return least(std::string{*parts[1].as_string()});
    if (name == "rendezvous")
      return rendezvous(parts[1]);
    if (name == "only_reachable") {
      auto inner = parse(parts[1]);
      return inner ? result<dispatch_strategy>{inner.value().only_reachable()} : inner;
    }
  }
  return error(errc::invalid_argument, "a dispatch strategy is \"all\", \"random\", \"round_robin\", \"local_first\", "
                                       "[\"least\", field] or [\"rendezvous\", key], or one of them in "
                                       "[\"only_reachable\", strategy], got " +
                                           to_string(x));
}

std::vector<const entry*> select_members(const std::vector<const entry*>& candidates, const dispatch_strategy& strategy,
                                         std::uint32_t turn) {
  if (candidates.empty())
    return {};
  switch (strategy.type()) {
  case dispatch_strategy::kind::all:
    return candidates;
  case dispatch_strategy::kind::random:
    return {candidates[internal::random_below(candidates.size())]};
  case dispatch_strategy::kind::round_robin:
    return {candidates[turn % candidates.size()]};
  case dispatch_strategy::kind::local_first:
    return {any_local_first(candidates)};
  case dispatch_strategy::kind::least:
    return {least_loaded(candidates, strategy.argument().as_string().value_or(""))};
  case dispatch_strategy::kind::rendezvous:
    return {highest_weight(candidates, strategy.argument())};
  }
  return {};
}

} // namespace registry::inline v0_2
