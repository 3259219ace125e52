#include <registry/store/store.hpp>

#include <registry/error/internal/out_of_memory.hpp>
#include <registry/value/codec.hpp>

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace registry::inline v0_2 {

namespace {

event_entry describe(const entry& x) {
  return {x.id(), x.who, x.data, {}};
}

} // namespace

std::string_view to_string(key_mode x) noexcept {
  return x == key_mode::unique ? "unique" : "duplicate";
}

store::store(store_options options) : options_(std::move(options)), log_(options_.log_capacity) {}

store::cut store::snapshot() {
  return {table_.snapshot(), log_.last_commit()};
}

result<store::change_size> store::measure(const value& key, const value& data) {
  const auto depth = std::max(key.depth(), data.depth());
  if (depth > value::max_depth)
    return error(errc::limit_exceeded, "a key or value nests " + std::to_string(depth) + " deep; at most " +
                                           std::to_string(value::max_depth) + " can be shared with other nodes");
  constexpr std::size_t entry_bytes = 32; // its numbers
  return change_size(encoded_size_bound(key, max_change_bytes), entry_bytes + encoded_size_bound(data, max_change_bytes));
}

result<void> store::change_size::check(std::size_t entries) const {
  if (key_ <= max_change_bytes && entries <= (max_change_bytes - key_) / entry_)
    return success();
  const auto about = [](std::size_t bytes) {
    return (bytes > max_change_bytes ? "more than " + std::to_string(max_change_bytes) : std::to_string(bytes)) + " bytes";
  };
  return error(errc::limit_exceeded, "a change of " + std::to_string(entries) + " entries with " + about(entry_) +
                                         " each and a key of " + about(key_) + " is too large for other nodes, which take " +
                                         std::to_string(max_change_bytes) +
                                         " bytes at once; join fewer members at a time, or keep large data elsewhere");
}

result<void> store::join(const value& key, std::span<const member> members, const value& data) {
  const auto size = measure(key, data);
  return size ? join(key, members, data, size.value()) : result<void>(size.error());
}

result<void> store::join(const value& key, std::span<const member> members, const value& data, const change_size& size) {
  if (auto checked = size.check(members.size()); !checked)
    return checked;
  if (std::any_of(members.begin(), members.end(), [](const member& who) { return who == nullptr; }))
    return error(errc::invalid_actor);
  if (members.empty())
    return success();
  if (options_.mode == key_mode::unique) {
    if (members.size() > 1)
      return error(errc::unique_requires_single_member);
    if (auto claimed = claim(key); !claimed)
      return claimed;
  }
  without_failing("members join", [&] {
    auto entries = table_.find(key);
    std::vector<event_entry> added; // stays empty while nobody observes
    if (log_.observed())
      added.reserve(members.size());
    for (const auto& who : members) {
      const auto position = next_position_++;
      entry joined{who, data, position, position, 0};
      if (log_.observed())
        added.push_back(describe(joined));
      entries = std::move(entries).with(std::move(joined));
      if (table_.add_member_entry(who, key, position))
        log_.touch(who);
    }
    table_.assign(key, std::move(entries));
    log_.append(verb::join, reason::explicit_request, key, std::move(added), size.bytes());
    arrived_bytes_ += size.bytes();
  });
  return success();
}

/// Makes room under a unique key: fails if a live local member holds it; removes local holders that have terminated.
result<void> store::claim(const value& key) {
  for (const auto& held : table_.find(key)) {
    if (!held.is_local())
      continue;
    if (options_.is_alive(held.who))
      return error::held_by(held.who);
    // Its other entries, if there are many, leave when the owner of the store is told that it has terminated.
    departure leaving{held.who, reason::down};
    step(leaving);
    if (!leaving.complete)
      leave_at_once(held.who, key);
  }
  return success();
}

void store::leave_at_once(const member& who, const value& key) {
  without_failing("a member that has terminated leaves", [&] {
    const auto entries = table_.find(key);
    auto positions = positions_of(entries, key, who);
    if (positions.empty())
      return;
    std::reverse(positions.begin(), positions.end());
    remove(key, entries, positions, reason::down);
    for (const auto position : positions)
      forget(who, key, position);
  });
}

/// The latest local entries of members under a key, one after the other, however often a member is listed.
class store::latest_entries {
public:
  latest_entries(const store& of, const value& key) noexcept : store_(of), key_(key) {}

  /// The latest of the remaining `entries`, that is, all but those already taken.
  std::optional<std::uint64_t> take(const group& entries, const member& who) {
    const auto last = store_.table_.last_position_of(who, key_);
    if (!last)
      return last;
    if (const auto* one = entries.at_position(*last); one != nullptr && one->is_local())
      return last;
    if (!left_)
      left_.emplace();
    const auto [at, first_time] = left_->try_emplace(who);
    auto& positions = at->second;
    if (first_time)
      positions = store_.positions_of(entries, key_, who);
    if (positions.empty())
      return std::nullopt;
    const auto latest = positions.back();
    positions.pop_back();
    return latest;
  }

private:
  const store& store_;
  const value& key_;
  /// The members whose last entry does not, or no longer, belong to them.
  std::optional<boost::unordered_flat_map<member, std::vector<std::uint64_t>, member_hash, member_equal>> left_;
};

result<void> store::leave(const value& key, std::span<const member> members, reason why) {
  if (members.empty())
    return success();
  return without_failing("members leave", [&]() -> result<void> {
    auto entries = table_.find(key);
    std::vector<event_entry> removed;
    boost::container::small_vector<std::pair<const member*, std::uint64_t>, 4> left;
    left.reserve(members.size());
    latest_entries latest(*this, key);
    for (const auto& who : members) {
      const auto position = latest.take(entries, who);
      if (!position)
        continue;
      if (log_.observed())
        removed.push_back(describe(*entries.at_position(*position)));
      entries = std::move(entries).without(*position);
      left.emplace_back(&who, *position);
    }
    if (left.empty())
      return error(errc::not_joined);
    table_.assign(key, std::move(entries));
    for (const auto& [who, position] : left)
      forget(*who, key, position);
    log_.append(verb::leave, why, key, std::move(removed));
    return success();
  });
}

void store::clear() {
  without_failing("a scope ends", [&] {
    table_.clear();
    origins_.clear();
  });
}

bool store::update_if(const value& key, const member& who, std::span<const replacement> changes, std::size_t bytes) {
  return without_failing("values change", [&] {
    const auto entries = table_.find(key);
    const auto positions = positions_of(entries, key, who);
    const auto as_expected = [&](std::uint64_t position, const replacement& change) {
      return position == change.position && identical(entries.at_position(position)->data, change.expected);
    };
    if (!std::equal(positions.begin(), positions.end(), changes.begin(), changes.end(), as_expected))
      return false;
    if (changes.empty())
      return true;
    auto changed = entries;
    std::vector<event_entry> updated;
    updated.reserve(changes.size());
    for (const auto& change : changes) {
      auto one = *entries.at_position(change.position);
      one.data = change.data;
      updated.push_back({one.id(), who, change.data, change.expected});
      changed = std::move(changed).replaced(std::move(one));
    }
    table_.assign(key, std::move(changed));
    log_.append(verb::update, reason::explicit_request, key, std::move(updated), bytes);
    arrived_bytes_ += bytes;
    return true;
  });
}

result<void> store::update(const value& key, const member& who, const value& data) {
  const auto size = measure(key, data);
  return size ? update(key, who, data, size.value()) : result<void>(size.error());
}

result<void> store::update(const value& key, const member& who, const value& data, const change_size& size) {
  return without_failing("a value changes", [&]() -> result<void> {
    auto entries = table_.find(key);
    const auto positions = positions_of(entries, key, who);
    if (positions.empty())
      return error(errc::not_joined);
    if (auto checked = size.check(positions.size()); !checked)
      return checked;
    std::vector<event_entry> updated;
    for (const auto position : positions) {
      auto one = *entries.at_position(position);
      auto previous = std::exchange(one.data, data);
      if (log_.observed())
        updated.push_back({one.id(), who, data, std::move(previous)});
      entries = std::move(entries).replaced(std::move(one));
    }
    table_.assign(key, std::move(entries));
    log_.append(verb::update, reason::explicit_request, key, std::move(updated), size.bytes());
    arrived_bytes_ += size.bytes();
    return success();
  });
}

bool store::leave_if(const value& key, const member& who, std::span<const removal> entries) {
  const auto present = table_.find(key);
  const auto gone = [&](const removal& x) {
    const auto* held = present.at_position(x.position);
    return held == nullptr || !held->is_local() || !same_member(held->who, who) || !identical(held->data, x.expected);
  };
  if (std::any_of(entries.begin(), entries.end(), gone))
    return false;
  if (entries.empty())
    return true;
  without_failing("entries leave", [&] {
    std::vector<std::uint64_t> positions;
    positions.reserve(entries.size());
    for (const auto& x : entries)
      positions.push_back(x.position);
    remove(key, present, positions, reason::explicit_request);
    for (const auto position : positions)
      forget(who, key, position);
  });
  return true;
}

/// The positions of the member's local entries among these, which all belong to the key.
std::vector<std::uint64_t> store::positions_of(const group& entries, const value& key, const member& who) const {
  auto positions = table_.positions_of(who, key);
  const auto is_other = [&](std::uint64_t position) {
    const auto* one = entries.at_position(position);
    return one == nullptr || !one->is_local();
  };
  std::erase_if(positions, is_other);
  return positions;
}

/// Removes one entry from the index of members.
void store::forget(const member& who, const value& key, std::uint64_t position) {
  if (table_.remove_member_entry(who, key, position))
    log_.touch(who);
}

/// Removes some of these entries from the index of keys, as one event in the order given.
void store::remove(const value& key, group entries, std::span<const std::uint64_t> positions, reason why) {
  std::vector<event_entry> removed;
  if (log_.observed()) {
    removed.reserve(positions.size());
    for (const auto position : positions)
      removed.push_back(describe(*entries.at_position(position)));
  }
  if (positions.size() == entries.size()) {
    entries = group{};
  } else {
    for (const auto position : positions)
      entries = std::move(entries).without(position);
  }
  table_.assign(key, std::move(entries));
  log_.append(verb::leave, why, key, std::move(removed));
}

} // namespace registry::inline v0_2
