#include <registry/store/store.hpp>

#include <registry/error/internal/out_of_memory.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace registry::inline v0_2 {

namespace {

bool has_duplicates(const std::vector<remote_entry>& entries) {
  if (entries.size() == 1)
    return false;
  std::vector<std::uint64_t> numbers;
  numbers.reserve(entries.size());
  for (const auto& x : entries)
    numbers.push_back(x.number);
  std::sort(numbers.begin(), numbers.end());
  return std::adjacent_find(numbers.begin(), numbers.end()) != numbers.end();
}

} // namespace

result<void> store::apply(std::uint32_t origin, std::span<const remote_change> changes) {
  assert(origin != 0);
  return without_failing("changes of another node are made", [&]() -> result<void> {
    auto& held = origins_[origin];
    for (const auto& change : changes) {
      if (auto fits = check(held, change); !fits)
        return fits;
      make(origin, held, change);
      table_.reclaim();
    }
    return success();
  });
}

/// Applies a change that has been checked.
void store::make(std::uint32_t origin, content_of_origin& held, const remote_change& change) {
  switch (change.what) {
  case verb::join:
    for (const auto& x : change.entries)
      held.digest.add(x.number, change.key, x.who, x.data);
    add_remote(origin, held, change.key, change.entries, change.why);
    break;
  case verb::update:
    update_remote(origin, change.key, change.entries, change.why);
    break;
  case verb::leave:
    std::vector<std::uint64_t> numbers;
    for (const auto& x : change.entries)
      numbers.push_back(x.number);
    remove_remote(origin, change.key, numbers, change.why);
    break;
  }
}

content_digest store::digest_of(std::uint32_t origin) const {
  const auto held = origins_.find(origin);
  return held == origins_.end() ? content_digest{} : held->second.digest;
}

/// Whether the change can be applied: every entry of a join is new, and every other entry exists.
result<void> store::check(const content_of_origin& held, const remote_change& change) const {
  if (change.entries.empty() || has_duplicates(change.entries))
    return error(errc::malformed, "a change names no entry, or one of them twice; ask the owner for a snapshot");
  const auto entries = change.what == verb::join ? group{} : table_.find(change.key);
  for (const auto& x : change.entries) {
    const auto found = held.places.find(x.number);
    if (change.what == verb::join && (found != held.places.end() || x.who == nullptr))
      return error(errc::malformed, "an entry joins that exists already; ask the owner for a snapshot");
    if (change.what != verb::join && (found == held.places.end() || !entries.at_position(found->second.position)))
      return error(errc::malformed, "a change concerns an unknown entry; ask the owner for a snapshot");
  }
  return success();
}

/// Adds the entries whose numbers are new; the others do not count in the digest. The caller has counted all.
void store::add_remote(std::uint32_t origin, content_of_origin& held, const value& key, std::span<const remote_entry> added,
                       reason why) {
  auto entries = table_.find(key);
  const auto before = entries.size();
  std::vector<event_entry> joined; // stays empty while nobody observes
  const bool observed = log_.remote_observed();
  const auto hash = key.hash();
  if (observed)
    joined.reserve(added.size());
  for (const auto& x : added) {
    const auto position = next_position_;
    if (x.who == nullptr || !held.places.try_emplace(x.number, place{hash, position}).second) {
      held.digest.remove(x.number, key, x.who, x.data);
      continue;
    }
    ++next_position_;
    entries = std::move(entries).with({x.who, x.data, position, x.number, origin});
    table_.add_member_entry(x.who, key, position);
    if (observed)
      joined.push_back({{origin, x.number}, x.who, x.data, {}});
  }
  if (entries.size() == before)
    return;
  table_.assign(key, std::move(entries));
  log_.append_remote(verb::join, why, key, std::move(joined));
}

/// Sets new values, and new handles where given.
void store::update_remote(std::uint32_t origin, const value& key, std::span<const remote_entry> changed, reason why) {
  auto& held = origins_[origin];
  auto entries = table_.find(key);
  std::vector<event_entry> updated;
  for (const auto& x : changed) {
    auto one = *entries.at_position(held.places.at(x.number).position);
    if (x.who) {
      one.who = x.who;
      table_.renew(x.who);
    }
    held.digest.remove(x.number, key, one.who, one.data);
    held.digest.add(x.number, key, one.who, x.data);
    auto previous = std::exchange(one.data, x.data);
    if (log_.remote_observed())
      updated.push_back({one.id(), one.who, x.data, std::move(previous)});
    entries = std::move(entries).replaced(std::move(one));
  }
  table_.assign(key, std::move(entries));
  log_.append_remote(verb::update, why, key, std::move(updated));
}

void store::remove_remote(std::uint32_t origin, const value& key, std::span<const std::uint64_t> numbers, reason why) {
  auto& held = origins_[origin];
  const auto entries = table_.find(key);
  std::vector<std::uint64_t> positions;
  positions.reserve(numbers.size());
  for (const auto number : numbers) {
    const auto found = held.places.find(number);
    const auto& one = *entries.at_position(found->second.position);
    positions.push_back(one.position);
    held.digest.remove(number, key, one.who, one.data);
    held.places.erase(found);
  }
  table_.assign(key, leave_remote(key, entries, positions, why));
  for (const auto position : positions)
    table_.remove_member_entry(entries.at_position(position)->who, key, position);
}

/// The entries of a key that remain when some leave, as one event in the order given.
group store::leave_remote(const value& key, const group& entries, std::span<const std::uint64_t> positions, reason why) {
  std::vector<event_entry> removed;
  if (log_.remote_observed()) {
    removed.reserve(positions.size());
    for (const auto position : positions) {
      const auto& one = *entries.at_position(position);
      removed.push_back({one.id(), one.who, one.data, {}});
    }
  }
  log_.append_remote(verb::leave, why, key, std::move(removed));
  if (positions.size() == entries.size())
    return {};
  auto rest = entries;
  for (const auto position : positions)
    rest = std::move(rest).without(position);
  return rest;
}

/// Replaces handles with new ones of the same actors. No event: nothing observable has changed.
void store::renew_remote(const content_of_origin& held, const value& key, std::span<const remote_entry> renewed) {
  auto entries = table_.find(key);
  for (const auto& x : renewed) {
    auto one = *entries.at_position(held.places.at(x.number).position);
    one.who = x.who;
    one.data = x.data; // it may hold handles, too
    table_.renew(x.who);
    entries = std::move(entries).replaced(std::move(one));
  }
  table_.assign(key, std::move(entries));
}

} // namespace registry::inline v0_2
