#include <registry/store/store.hpp>

#include <registry/error/internal/out_of_memory.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

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

/// Whether the leading groups with the same key have more entries than that.
bool begins_with_more_than(std::span<const remote_group> content, std::size_t count) {
  std::size_t seen = 0;
  for (const auto& [key, entries] : content) {
    if (!identical(key, content.front().key))
      return false;
    seen += entries.size();
    if (seen > count)
      return true;
  }
  return false;
}

} // namespace

/// The difference between the content of an origin under one key and the stored entries.
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

struct store::installation {
  std::uint32_t origin;
  /// Without stored entries there is nothing to compare with. The rest of the content, and the number of entries of its
  /// first group that are already stored.
  std::span<const remote_group> content{};
  std::size_t done = 0;
  /// Otherwise the difference. All leaves come first, since a number may come back under another key.
  std::vector<difference> differences{};
  std::size_t without_gone = 0;
  std::size_t changed = 0;
};

std::shared_ptr<store::installation> store::begin_install(std::uint32_t origin, std::span<const remote_group> content,
                                                          const content_digest& digest) {
  assert(origin != 0);
  return without_failing("the content of another node is looked at", [&] {
    auto out = std::make_shared<installation>(installation{origin});
    auto& held = origins_[origin];
    if (held.places.empty()) {
      held.places.reserve(digest.count);
      held.digest = digest;
      held.digest.count = 0; // counted, or a wrong digest would never be detected
      out->content = content;
    } else {
      out->differences = compare(held, content);
    }
    return out;
  });
}

bool store::step(installation& x) {
  without_failing("the content of another node is installed", [&] {
    if (!x.content.empty())
      fill_step(x);
    else if (x.changed < x.differences.size())
      change_step(x);
    table_.reclaim();
  });
  return !x.content.empty() || x.changed < x.differences.size();
}

void store::install(std::uint32_t origin, std::span<const remote_group> content, const content_digest& digest) {
  const auto x = begin_install(origin, content, digest);
  while (step(*x)) {
  }
}

void store::fill_step(installation& x) {
  auto& held = origins_[x.origin];
  std::vector<remote_entry> collected; // of one key, which may come in several groups
  for (std::size_t count = 0; !x.content.empty() && count < usual_step.wanted; count += collected.size() + 1) {
    const auto& key = x.content.front().key;
    const bool large = x.done > 0 || begins_with_more_than(x.content, usual_step.of_key);
    const auto most = large ? usual_step.of_large_key : usual_step.of_key;
    collected.clear();
    do {
      const auto rest = std::span{x.content.front().entries}.subspan(x.done);
      const auto taken = rest.first(std::min(rest.size(), most - collected.size()));
      collected.insert(collected.end(), taken.begin(), taken.end());
      x.done += taken.size();
      if (taken.size() < rest.size())
        break;
      x.done = 0;
      x.content = x.content.subspan(1);
    } while (!x.content.empty() && identical(x.content.front().key, key));
    add_remote(x.origin, held, key, collected, reason::resync);
  }
  held.digest.count = held.places.size();
}

void store::change_step(installation& x) {
  auto& held = origins_[x.origin];
  const auto some = [](auto& all) {
    const auto count = all.size() > usual_step.of_key ? usual_step.of_large_key : all.size();
    std::vector out(std::make_move_iterator(all.rbegin()),
                    std::make_move_iterator(all.rbegin() + static_cast<std::ptrdiff_t>(count)));
    all.resize(all.size() - count);
    return out;
  };
  for (std::size_t count = 0; count < usual_step.wanted;) {
    if (x.without_gone < x.differences.size()) {
      auto& [key, gone, joined, updated, renewed] = x.differences[x.without_gone];
      const auto leaving = some(gone);
      if (!leaving.empty())
        remove_remote(x.origin, key, leaving, reason::resync);
      count += leaving.size() + 1;
      x.without_gone += gone.empty() ? 1 : 0;
      continue;
    }
    if (x.changed == x.differences.size())
      return;
    auto& [key, gone, joined, updated, renewed] = x.differences[x.changed];
    if (const auto renewing = some(renewed); !renewing.empty()) {
      renew_remote(held, key, renewing);
      count += renewing.size();
    } else if (const auto updating = some(updated); !updating.empty()) {
      update_remote(x.origin, key, updating, reason::resync);
      count += updating.size();
    } else if (const auto joining = some(joined); !joining.empty()) {
      for (const auto& one : joining)
        held.digest.add(one.number, key, one.who, one.data);
      add_remote(x.origin, held, key, joining, reason::resync);
      count += joining.size();
    } else {
      ++x.changed;
      ++count;
    }
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

/// Per key, in order of first occurrence.
std::vector<store::difference> store::compare(const content_of_origin& held, std::span<const remote_group> content) const {
  std::vector<difference> out;
  boost::unordered_flat_map<value, std::size_t, strict_hash, strict_equal> index;
  const auto under = [&](const value& key) -> difference& {
    const auto [at, added] = index.try_emplace(key, out.size());
    if (added)
      out.push_back({key, {}, {}, {}, {}});
    return out[at->second];
  };
  using numbers = boost::unordered_flat_set<std::uint64_t, number_hash>;
  numbers same;
  same.reserve(held.places.size());
  numbers listed;
  for (const auto& [key, entries] : content) {
    const auto present = table_.find(key);
    for (const auto& x : entries) {
      if (!x.who || !listed.insert(x.number).second)
        continue;
      const auto found = held.places.find(x.number);
      const auto* one = found != held.places.end() ? present.at_position(found->second.position) : nullptr;
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
      under(table_.key_of(where.hash, where.position)).gone.push_back(number);
  }
  // A step takes entries from the end, so the first must be last. An exit removes the latest first.
  for (auto& x : out) {
    std::sort(x.gone.begin(), x.gone.end());
    for (auto* all : {&x.joined, &x.updated, &x.renewed})
      std::reverse(all->begin(), all->end());
  }
  return out;
}

} // namespace registry::inline v0_2
