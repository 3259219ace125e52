#include <registry/match/internal/matching.hpp>

#include <algorithm>

namespace registry::inline v0_2::internal {

namespace {

/// Above this number of pairs per wanted key, a binary search beats walking along the map.
constexpr std::size_t pairs_worth_walking = 8;

using elements = std::span<const value>;

bool same_elements(elements a, elements b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), strict_equal{});
}

elements tail_of(const binding& b) noexcept {
  return {b.first, static_cast<std::size_t>(b.count)};
}

bool is_bound_to(const binding& b, const value& x) noexcept {
  if (b.count == binding::whole)
    return identical(*b.first, x);
  return x.type() == value::kind::list && same_elements(tail_of(b), x.as_list());
}

bool is_bound_to(const binding& b, elements tail) noexcept {
  if (b.count == binding::whole)
    return b.first->type() == value::kind::list && same_elements(b.first->as_list(), tail);
  return same_elements(tail_of(b), tail);
}

} // namespace

bool matching::match_other(const pattern_step& step, const value& x) noexcept {
  using kind = pattern_step::kind;
  switch (step.what) {
  case kind::bind_if:
    bound_[step.slot] = {&x, binding::whole};
    return decide(step, x);
  case kind::compare:
    return is_bound_to(bound_[step.slot], x);
  case kind::list:
    return x.type() == value::kind::list && x.as_list().size() == step.count && match_elements(step, x.as_list());
  case kind::longer_list:
    return x.type() == value::kind::list && x.as_list().size() >= step.count && match_elements(step, x.as_list()) &&
           match_tail(step, x.as_list().subspan(step.count));
  default:
    return x.type() == value::kind::map && match_map(step, x.as_map());
  }
}

bool matching::match_elements(const pattern_step& step, elements xs) noexcept {
  for (std::uint32_t i = 0; i < step.count; ++i)
    if (!match(steps_[step.first + i], xs[i]))
      return false;
  return true;
}

bool matching::match_tail(const pattern_step& step, elements tail) noexcept {
  switch (step.rest) {
  case pattern_step::tail::any:
    return true;
  case pattern_step::tail::bind:
    bound_[step.slot] = {tail.data(), static_cast<std::ptrdiff_t>(tail.size())};
    return true;
  case pattern_step::tail::compare:
    return is_bound_to(bound_[step.slot], tail);
  }
  return false;
}

bool matching::match_map(const pattern_step& step, const map_view& pairs) noexcept {
  if (step.places != most_remembered_maps) {
    auto& places = places_[step.places];
    if (!places.are_for(pairs) && places.should_learn(pairs))
      places.learn(pairs, steps_ + step.first, step.count);
    if (places.are_for(pairs))
      return match_by_places(step, pairs, places);
  }
  return pairs.size() > pairs_worth_walking * step.count ? match_by_search(step, pairs) : match_by_walking(step, pairs);
}

bool matching::match_by_places(const pattern_step& step, const map_view& pairs, key_places& places) noexcept {
  if (places.count() != step.count)
    return false;
  for (std::uint32_t i = 0; i < step.count; ++i) {
    const auto& part = steps_[step.first + i];
    if (match(part, pairs.mapped()[places[i]]))
      continue;
    if (is_decisive(part))
      places.expect_refusal(part, i);
    return false;
  }
  return true;
}

// Both are sorted by key, so one pass over the map finds all keys.
bool matching::match_by_walking(const pattern_step& step, const map_view& pairs) noexcept {
  auto pair = pairs.begin();
  for (std::uint32_t i = 0; i < step.count; ++i, ++pair) {
    const auto& part = steps_[step.first + i];
    pair = std::find_if(pair, pairs.end(), [&](const map_pair& x) { return identical(part.key, x.key); });
    if (pair == pairs.end() || !match(part, (*pair).mapped))
      return false;
  }
  return true;
}

bool matching::match_by_search(const pattern_step& step, const map_view& pairs) noexcept {
  const auto key_less = [](const value& key, std::string_view wanted) { return *key.as_string() < wanted; };
  const auto keys = pairs.keys();
  auto from = keys.begin();
  for (std::uint32_t i = 0; i < step.count; ++i, ++from) {
    const auto& part = steps_[step.first + i];
    from = std::lower_bound(from, keys.end(), *part.key.as_string(), key_less);
    if (from == keys.end() || !identical(*from, part.key) ||
        !match(part, pairs.mapped()[static_cast<std::size_t>(from - keys.begin())]))
      return false;
  }
  return true;
}

} // namespace registry::inline v0_2::internal
