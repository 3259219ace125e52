#include <registry/hash/detail/splitmix64.hpp>
#include <registry/membership/internal/dial_plan.hpp>

#include <algorithm>

namespace registry {

std::optional<std::uint64_t> dial_plan::begin(const node_address& where, instant now) {
  auto& x = targets_[where];
  if (x.self || x.number != 0 || now < x.not_before)
    return std::nullopt;
  x.number = ++last_number_;
  return x.number;
}

std::optional<node_address> dial_plan::answered(std::uint64_t number, const incarnation& who) {
  const auto found = std::find_if(targets_.begin(), targets_.end(), [&](auto& x) { return x.second.number == number; });
  if (found == targets_.end())
    return std::nullopt;
  auto& x = found->second;
  x.number = 0;
  x.failures = 0;
  x.answered_by = who;
  x.warned.clear();
  return found->first;
}

bool dial_plan::failed(const node_address& where, dial_failure why, instant now) {
  const auto found = targets_.find(where);
  if (found == targets_.end())
    return false;
  auto& x = found->second;
  x.number = 0;
  x.self = why == dial_failure::self;
  postpone(x, now);
  return x.warned.insert(why).second;
}

void dial_plan::broken(const node_address& where, bool short_lived, instant now) {
  auto& x = targets_[where];
  if (short_lived)
    postpone(x, now);
  else
    x.not_before = now;
}

bool dial_plan::under_way(const node_address& where) const {
  const auto found = targets_.find(where);
  return found != targets_.end() && found->second.number != 0;
}

bool dial_plan::is_self(const node_address& where) const {
  const auto found = targets_.find(where);
  return found != targets_.end() && found->second.self;
}

incarnation dial_plan::answered_by(const node_address& where) const {
  const auto found = targets_.find(where);
  return found == targets_.end() ? incarnation{} : found->second.answered_by;
}

void dial_plan::postpone(target& x, instant now) {
  const auto doublings = std::min(x.failures++, 16U);
  const auto wait = std::min(options_.longest, options_.first * (std::int64_t{1} << doublings));
  // Between a half and the whole: two nodes that refuse each other's dials must not stay in step.
  const auto jitter =
      static_cast<std::int64_t>(detail::splitmix64(random_) % static_cast<std::uint64_t>(wait.count() / 2 + 1));
  x.not_before = now + wait / 2 + std::chrono::nanoseconds{jitter};
}

} // namespace registry
