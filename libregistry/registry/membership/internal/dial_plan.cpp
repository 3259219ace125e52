#include <registry/hash/detail/splitmix64.hpp>
#include <registry/membership/internal/dial_plan.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace registry::inline v0_2 {

std::optional<instant> dial_plan::due(const node_address& where, instant now) const {
  const auto found = targets_.find(where);
  if (found == targets_.end())
    return instant{};
  const auto& x = found->second;
  return x.number == 0 && now >= x.not_before ? std::optional{x.not_before} : std::nullopt;
}

std::uint64_t dial_plan::begin(const node_address& where, dial_rank rank, instant now) {
  auto& x = targets_[where];
  assert(x.number == 0);
  x.number = ++last_number_;
  x.rank = rank;
  x.begun = now;
  ++counts_[static_cast<std::size_t>(rank)];
  return x.number;
}

void dial_plan::end(target& x, instant now) {
  if (std::exchange(x.number, 0) != 0)
    --counts_[static_cast<std::size_t>(x.rank)];
  x.ended = now;
  x.jitter = detail::splitmix64(random_);
}

std::optional<node_address> dial_plan::target_of(std::uint64_t number) const {
  const auto found = std::find_if(targets_.begin(), targets_.end(), [&](auto& x) { return x.second.number == number; });
  return number != 0 && found != targets_.end() ? std::optional{found->first} : std::nullopt;
}

std::optional<node_address> dial_plan::answered(std::uint64_t number, const incarnation& who, instant now) {
  auto where = target_of(number);
  if (!where)
    return std::nullopt;
  auto& x = targets_[*where];
  end(x, now);
  x.failures = x.duplicates = 0;
  x.answered_by = who;
  x.warned.clear();
  return where;
}

void dial_plan::note_answer(const node_address& where, const incarnation& who) {
  targets_[where].answered_by = who;
}

bool dial_plan::failed(const node_address& where, dial_failure why, instant now) {
  const auto found = targets_.find(where);
  if (found == targets_.end())
    return false;
  auto& x = found->second;
  end(x, now);
  postpone(x, now);
  x.duplicates = why == dial_failure::duplicate_link ? x.duplicates + 1 : 0;
  return x.warned.insert(why).second;
}

void dial_plan::broken(const node_address& where, bool short_lived, instant now) {
  auto& x = targets_[where];
  if (short_lived)
    postpone(x, now);
  else
    x.not_before = now;
}

void dial_plan::forget_others(const std::vector<node_address>& kept) {
  std::erase_if(targets_, [&](const auto& x) {
    return x.second.number == 0 && !std::binary_search(kept.begin(), kept.end(), x.first);
  });
}

std::optional<instant> dial_plan::under_way_since(const node_address& where) const {
  const auto found = targets_.find(where);
  return found != targets_.end() && found->second.number != 0 ? std::optional{found->second.begun} : std::nullopt;
}

instant dial_plan::leisurely_after(const node_address& where, std::chrono::nanoseconds interval) const {
  const auto found = targets_.find(where);
  if (found == targets_.end())
    return {};
  const auto& x = found->second;
  const auto jitter = static_cast<std::int64_t>(x.jitter % static_cast<std::uint64_t>(interval.count() / 2 + 1));
  return x.ended + interval - interval / 4 + std::chrono::nanoseconds{jitter};
}

bool dial_plan::seems_linked(const node_address& where) const {
  const auto found = targets_.find(where);
  return found != targets_.end() && found->second.duplicates > 1;
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

} // namespace registry::inline v0_2
