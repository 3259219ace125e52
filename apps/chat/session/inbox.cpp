#include <chat/session/inbox.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace chat {

inbox::inbox(registry::scope where, std::size_t slots) : scope_(std::move(where)), slots_(slots) {}

void inbox::open(std::size_t slot, registry::subscription_ref reference) {
  slots_[slot] = subscription{reference, std::nullopt};
}

void inbox::close(std::size_t slot) {
  slots_[slot].reset();
  std::erase_if(kept_, [&](const item& each) { return each.slot == slot; });
}

bool inbox::notice(const registry::events& pending) {
  auto found =
      std::ranges::find_if(slots_, [&](const auto& each) { return each && each->reference == pending.reference(); });
  if (found == slots_.end())
    return false;
  (*found)->source = pending;
  return true;
}

bool inbox::is_ready() const noexcept {
  return std::ranges::none_of(slots_, [](const auto& each) { return each && !each->source; });
}

std::vector<inbox::item> inbox::take() {
  auto ready = std::exchange(kept_, {});
  collect(ready);
  if (std::ranges::count_if(slots_, [](const auto& each) { return each.has_value(); }) < 2 || ready.empty())
    return ready;
  auto last = std::ranges::max(ready, {}, &item::commit).commit;
  scope_.flush();
  collect(ready);
  std::ranges::stable_sort(ready, {}, &item::commit);
  auto rest = std::ranges::upper_bound(ready, last, {}, &item::commit);
  kept_.assign(std::move_iterator{rest}, std::move_iterator{ready.end()});
  ready.erase(rest, ready.end());
  return ready;
}

void inbox::collect(std::vector<item>& into) {
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    if (!slots_[slot])
      continue;
    auto batch = slots_[slot]->source->take();
    if (batch.lagged) {
      // What is kept of this subscription is part of the new view.
      std::erase_if(into, [&](const item& each) { return each.slot == slot; });
      into.push_back({slot, batch.lagged->commit, nullptr, batch.lagged->entries});
    }
    for (auto& change : batch.changes) {
      auto commit = change->commit;
      into.push_back({slot, commit, std::move(change), {}});
    }
  }
}

} // namespace chat
