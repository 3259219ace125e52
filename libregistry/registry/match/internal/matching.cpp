#include <registry/match/internal/matching.hpp>

namespace registry::internal {

namespace {

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

bool matching::match_other(const pattern_step& step, const value& x) const noexcept {
  switch (step.what) {
  case pattern_step::kind::map:
    return match(step, x);
  case pattern_step::kind::compare:
    return is_bound_to(bound_[step.slot], x);
  case pattern_step::kind::list:
    return x.type() == value::kind::list && x.as_list().size() == step.count && match_elements(step, x.as_list());
  default:
    return x.type() == value::kind::list && x.as_list().size() >= step.count && match_elements(step, x.as_list()) &&
           match_tail(step, x.as_list().subspan(step.count));
  }
}

bool matching::match_elements(const pattern_step& step, elements xs) const noexcept {
  for (std::uint32_t i = 0; i < step.count; ++i)
    if (!match(steps_[step.first + i], xs[i]))
      return false;
  return true;
}

bool matching::match_tail(const pattern_step& step, elements tail) const noexcept {
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

bool matching::match_by_search(const pattern_step& step, const map_view& pairs) const noexcept {
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

} // namespace registry::internal
