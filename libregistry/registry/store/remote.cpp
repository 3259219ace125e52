#include <registry/store/store.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace registry {

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

struct leaving_entry {
  std::uint64_t rank;
  std::uint64_t position;
  const value* key;
};

/// The index goes by the lowest bits of the hash first.
std::uint64_t in_order_of_index(const value& key) {
  return __builtin_bswap64(key.hash());
}

/// Brings those with the first one's key, which are among those with its rank, to the front.
std::span<leaving_entry> first_key(std::span<leaving_entry> all) {
  const auto& first = all.front();
  const auto of_rank = std::find_if(all.begin(), all.end(), [&](const auto& x) { return x.rank != first.rank; });
  const auto& key = *first.key;
  const auto of_key = std::stable_partition(all.begin(), of_rank, [&](const auto& x) { return identical(*x.key, key); });
  return {all.begin(), of_key};
}

} // namespace

/// What distinguishes the content of an origin under one key from what is held.
struct store::difference {
  value key;
  std::vector<std::uint64_t> gone;
  std::vector<remote_entry> joined;
  std::vector<remote_entry> updated;
  /// The same entries with other handles.
  std::vector<remote_entry> renewed;
};

result<void> store::apply(std::uint32_t origin, std::span<const remote_change> changes) {
  assert(origin != 0);
  gained_holdings gained;
  for (const auto& change : changes) {
    if (change.what != verb::join)
      publish(gained);
    if (auto fits = check(origins_[origin], change); !fits) {
      publish(gained);
      return fits;
    }
    switch (change.what) {
    case verb::join:
      add_remote(origin, change.key, change.entries, change.why, gained);
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
  publish(gained);
  return success();
}

void store::install(std::uint32_t origin, std::span<const remote_group> content) {
  assert(origin != 0);
  auto differences = compare(origins_[origin], content);
  // First what leaves: a number may come back under another key.
  for (const auto& x : differences) {
    if (!x.gone.empty())
      remove_remote(origin, x.key, x.gone, reason::resync);
  }
  gained_holdings gained;
  for (const auto& x : differences) {
    if (!x.renewed.empty())
      renew_remote(origins_[origin], x.key, x.renewed);
    if (!x.updated.empty())
      update_remote(origin, x.key, x.updated, reason::resync);
    if (!x.joined.empty())
      add_remote(origin, x.key, x.joined, reason::resync, gained);
  }
  publish(gained);
}

std::size_t store::purge(std::uint32_t origin, reason why) {
  const auto found = origins_.find(origin);
  if (found == origins_.end())
    return 0;
  const auto held = std::move(found->second);
  origins_.erase(found);
  std::vector<leaving_entry> leaving;
  leaving.reserve(held.places.size());
  for (const auto& [number, where] : held.places)
    leaving.push_back({in_order_of_index(where.key), where.position, &where.key});
  // Neighbours in the index in a row, as it is too large for a cache; under each key the latest entry first.
  std::sort(leaving.begin(), leaving.end(), [](const leaving_entry& a, const leaving_entry& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.position > b.position;
  });
  std::vector<std::uint64_t> positions;
  // The members' side is changed once for each of them: they rarely have anything else.
  boost::unordered_flat_map<member, std::size_t, member_hash, member_equal> removed;
  for (auto rest = std::span{leaving}; !rest.empty();) {
    const auto of_key = first_key(rest);
    positions.clear();
    for (const auto& x : of_key)
      positions.push_back(x.position);
    const auto& key = *of_key.front().key;
    const auto entries = table_.find(key);
    for (const auto position : positions)
      ++removed[entries.at_position(position)->who];
    remove(key, entries, positions, why);
    rest = rest.subspan(of_key.size());
  }
  for (const auto& [who, count] : removed) {
    auto kept = table_.held_by(who);
    table_.assign(who, count == kept.size() ? holdings{} : without_removed(kept));
  }
  return leaving.size();
}

/// Without those whose entries are not there any more.
holdings store::without_removed(const holdings& held) const {
  auto out = held;
  for (const auto& [key, position] : held) {
    if (table_.find(key).at_position(position) == nullptr)
      out = std::move(out).without(key, position);
  }
  return out;
}

content_digest store::digest_of(std::uint32_t origin) const {
  const auto held = origins_.find(origin);
  return held == origins_.end() ? content_digest{} : held->second.digest;
}

/// Whether the change can be made: every entry of a join is new, every other one is there.
result<void> store::check(const holding_of_origin& held, const remote_change& change) const {
  if (change.entries.empty() || has_duplicates(change.entries))
    return error(errc::malformed, "a change names no entry, or one twice; ask the owner for a snapshot");
  for (const auto& x : change.entries) {
    const auto found = held.places.find(x.number);
    if (change.what == verb::join && (found != held.places.end() || x.who == nullptr))
      return error(errc::malformed, "an entry joins that is here already; ask the owner for a snapshot");
    if (change.what != verb::join && (found == held.places.end() || !identical(found->second.key, change.key)))
      return error(errc::malformed, "a change is about an entry that is not here; ask the owner for a snapshot");
  }
  return success();
}

void store::add_remote(std::uint32_t origin, const value& key, std::span<const remote_entry> added, reason why,
                       gained_holdings& gained) {
  auto& held = origins_[origin];
  auto entries = table_.find(key);
  std::vector<event_entry> joined;
  joined.reserve(added.size());
  for (const auto& x : added) {
    const auto position = next_position_++;
    entries = std::move(entries).with({x.who, x.data, position, x.number, origin});
    const auto [of_member, first] = gained.try_emplace(x.who);
    if (first)
      of_member->second = table_.held_by(x.who);
    of_member->second = std::move(of_member->second).with({key, position});
    held.places.emplace(x.number, place{key, position});
    held.digest.add(x.number, key, x.who, x.data);
    joined.push_back({{origin, x.number}, x.who, x.data, {}});
  }
  table_.assign(key, std::move(entries));
  log_.append(verb::join, why, key, std::move(joined));
}

/// Makes the members' side of the index say what it has gained.
void store::publish(gained_holdings& gained) {
  for (auto& [who, held] : gained)
    table_.assign(who, std::move(held));
  gained.clear();
}

/// Sets new values, and new handles where they are given.
void store::update_remote(std::uint32_t origin, const value& key, std::span<const remote_entry> changed, reason why) {
  auto& held = origins_[origin];
  auto entries = table_.find(key);
  std::vector<event_entry> updated;
  updated.reserve(changed.size());
  for (const auto& x : changed) {
    auto one = *entries.at_position(held.places.at(x.number).position);
    if (x.who) {
      one.who = x.who;
      table_.assign(x.who, table_.held_by(x.who));
    }
    held.digest.remove(x.number, key, one.who, one.data);
    held.digest.add(x.number, key, one.who, x.data);
    updated.push_back({one.id(), one.who, x.data, std::exchange(one.data, x.data)});
    entries = std::move(entries).replaced(std::move(one));
  }
  table_.assign(key, std::move(entries));
  log_.append(verb::update, why, key, std::move(updated));
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
    table_.assign(one.who, table_.held_by(one.who).without(key, one.position));
    held.digest.remove(number, key, one.who, one.data);
    held.places.erase(found);
  }
  remove(key, entries, positions, why);
}

/// Replaces handles by new ones of the same actors. No event: nothing that can be observed has changed.
void store::renew_remote(const holding_of_origin& held, const value& key, std::span<const remote_entry> renewed) {
  auto entries = table_.find(key);
  for (const auto& x : renewed) {
    auto one = *entries.at_position(held.places.at(x.number).position);
    one.who = x.who;
    one.data = x.data; // it may hold handles, too
    table_.assign(x.who, table_.held_by(x.who));
    entries = std::move(entries).replaced(std::move(one));
  }
  table_.assign(key, std::move(entries));
}

/// Per key, in the order of first mention.
std::vector<store::difference> store::compare(const holding_of_origin& held, std::span<const remote_group> content) const {
  std::vector<difference> out;
  boost::unordered_flat_map<value, std::size_t, strict_hash, strict_equal> index;
  const auto under = [&](const value& key) -> difference& {
    const auto [at, added] = index.try_emplace(key, out.size());
    if (added)
      out.push_back({key, {}, {}, {}, {}});
    return out[at->second];
  };
  boost::unordered_flat_set<std::uint64_t> same;
  same.reserve(held.places.size());
  boost::unordered_flat_set<std::uint64_t> listed;
  for (const auto& [key, entries] : content) {
    const auto present = table_.find(key);
    for (const auto& x : entries) {
      if (!x.who || !listed.insert(x.number).second)
        continue;
      const auto found = held.places.find(x.number);
      const auto* one = found != held.places.end() && identical(found->second.key, key)
                            ? present.at_position(found->second.position)
                            : nullptr;
      if (!one || !same_member(one->who, x.who)) {
        under(key).joined.push_back(x);
        continue;
      }
      same.insert(x.number);
      if (!identical(one->data, x.data))
        under(key).updated.push_back(x);
      else if (one->who.get() != x.who.get())
        under(key).renewed.push_back(x);
    }
  }
  for (const auto& [number, where] : held.places) {
    if (!same.contains(number))
      under(where.key).gone.push_back(number);
  }
  // An exit removes the latest first.
  for (auto& x : out)
    std::sort(x.gone.begin(), x.gone.end(), std::greater{});
  return out;
}

} // namespace registry
