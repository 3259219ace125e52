#include <registry/store/store.hpp>

#include <registry/error/internal/out_of_memory.hpp>

#include <boost/sort/spreadsort/integer_sort.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace registry::inline v0_2 {

namespace {

struct leaving_entry {
  std::uint64_t order; // of the hash of its key
  std::uint64_t position;
};

/// All entries that leave, by the hashes of their keys in the order of the index: its nodes are too far from any cache to be
/// visited twice.
class leaving_entries {
public:
  leaving_entries() = default;
  explicit leaving_entries(std::vector<leaving_entry> all) : all_(std::move(all)) {
    boost::sort::spreadsort::integer_sort(
        all_.begin(), all_.end(), [](const leaving_entry& x, unsigned bits) { return x.order >> bits; },
        [](const leaving_entry& a, const leaving_entry& b) { return a.order < b.order; });
    for (auto first = all_.begin(); first != all_.end();) {
      const auto end = std::find_if(first + 1, all_.end(), [&](const auto& x) { return x.order != first->order; });
      std::sort(first, end, [](const auto& a, const auto& b) { return a.position > b.position; });
      hashes_.push_back(table::index_order(first->order)); // restores the order of the bits
      starts_.push_back(static_cast<std::size_t>(first - all_.begin()));
      first = end;
    }
    starts_.push_back(all_.size());
  }

  [[nodiscard]] std::span<const std::uint64_t> hashes() const noexcept { return hashes_; }
  /// The entries with one of the hashes, the latest first.
  [[nodiscard]] std::span<const leaving_entry> of_hash(std::size_t number) const noexcept {
    return std::span{all_}.subspan(starts_[number], starts_[number + 1] - starts_[number]);
  }
  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

  /// The scope of the next step: all entries of some hashes, or some entries of one.
  struct part {
    std::span<const std::uint64_t> hashes;
    std::size_t first_hash = 0;
    /// Of the entries of the first hash.
    std::size_t from = 0;
    std::size_t end = SIZE_MAX;
  };
  /// The part that begins at a hash and one of its entries. Keys with the same hash count as one.
  [[nodiscard]] part part_from(std::size_t hash, std::size_t from, const step_size& size) const noexcept {
    if (const auto of_first = of_hash(hash).size(); from > 0 || of_first > size.of_key)
      return {hashes().subspan(hash, 1), hash, from, std::min(of_first, from + size.of_large_key)};
    std::size_t count = 0;
    auto end = hash;
    while (end < hashes_.size() && count < size.wanted && of_hash(end).size() <= size.of_key)
      count += of_hash(end++).size();
    return {hashes().subspan(hash, end - hash), hash};
  }

private:
  std::vector<leaving_entry> all_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::size_t> starts_;
};

/// The number of entries of each member that have left.
using tally = boost::unordered_flat_map<member, std::size_t, member_hash, member_equal>;

} // namespace

/// First the entries leave, then the entries of members that no step has removed completely: a member rarely has other
/// entries, so its record can be removed as a whole.
struct store::eviction {
  leaving_entries entries;
  reason why = reason::node_down;
  std::size_t hash = 0; // the next one
  std::size_t from = 0; // its next entry

  tally members;
  std::vector<member> order; // the members, once the entries have gone
  std::size_t next = 0;
  /// Whether the next member's entries have all left. Determined without excluding other writers.
  bool as_a_whole = false;
  std::uint64_t newest = 0; // no position was greater then
  member_entry_order looked_at{};

  [[nodiscard]] bool entries_left() const noexcept { return hash < entries.hashes().size(); }
  void go_on() noexcept {
    ++next;
    looked_at = {};
  }
};

std::shared_ptr<store::eviction> store::begin_purge(std::uint32_t origin, reason why) {
  return without_failing("the entries of another node are examined", [&]() -> std::shared_ptr<eviction> {
    auto out = std::make_shared<eviction>();
    out->why = why;
    const auto found = origins_.find(origin);
    if (found == origins_.end())
      return out;
    std::vector<leaving_entry> all;
    all.reserve(found->second.places.size());
    for (const auto& [number, where] : found->second.places)
      all.push_back({table::index_order(where.hash), where.position});
    origins_.erase(found);
    out->entries = leaving_entries(std::move(all));
    return out;
  });
}

bool store::prepare(eviction& x) const {
  if (x.entries_left())
    return true;
  if (x.order.empty()) {
    without_failing("the entries of another node are removed", [&] {
      x.order.reserve(x.members.size());
      for (const auto& [who, count] : x.members)
        x.order.push_back(who);
    });
  }
  if (x.next == x.order.size())
    return false;
  if (x.looked_at == member_entry_order{}) {
    const auto& who = x.order[x.next];
    const auto count = x.members.at(who);
    x.newest = table_.newest_held_by(who);
    x.as_a_whole = table_.count_held_by(who, count) == count;
  }
  return true;
}

void store::step(eviction& x) {
  without_failing("the entries of another node are removed", [&] {
    if (x.entries_left())
      evict_entries(x);
    else
      evict_member_entries(x);
    table_.reclaim();
  });
}

void store::evict_entries(eviction& x) {
  const auto part = x.entries.part_from(x.hash, x.from, usual_step);
  // By handle, since that does not require reading the actor.
  boost::unordered_flat_map<caf::actor_control_block*, std::size_t> removed_handles;
  std::vector<std::uint64_t> positions;
  table_.edit(part.hashes, [&](std::size_t number, const value& key, const group& entries) {
    positions.clear();
    auto leaving = x.entries.of_hash(part.first_hash + number);
    leaving = leaving.subspan(part.from, std::min(part.end, leaving.size()) - part.from);
    for (const auto& one_leaving : leaving) {
      const auto* one = entries.at_position(one_leaving.position);
      if (one == nullptr)
        continue; // belongs to another key with the same hash
      positions.push_back(one_leaving.position);
      ++removed_handles[one->who.get()]; // stays alive until the entry is collected
    }
    return positions.empty() ? entries : leave_remote(key, entries, positions, x.why);
  });
  for (const auto& [handle, count] : removed_handles) {
    const member who{handle};
    const auto before = x.members.find(who); // an actor may have several handles
    if (before != x.members.end())
      before->second += count;
    else if (table_.count_held_by(who, count) == count)
      table_.remove_member_entries(who);
    else
      x.members.emplace(who, count);
  }
  const bool all_of_hash = part.end >= x.entries.of_hash(x.hash).size();
  x.from = all_of_hash ? 0 : part.end;
  x.hash += all_of_hash ? part.hashes.size() : 0;
}

void store::evict_member_entries(eviction& x) {
  const auto& who = x.order[x.next];
  if (x.as_a_whole && table_.newest_held_by(who) <= x.newest) {
    table_.remove_member_entries(who);
    return x.go_on();
  }
  x.as_a_whole = false;
  const auto [held, next] = table_.some_held_by(who, x.looked_at, member_step);
  for (const auto& [key, position] : held) {
    if (table_.find(key).at_position(position) == nullptr)
      table_.remove_member_entry(who, key, position);
  }
  if (next)
    x.looked_at = *next;
  else
    x.go_on();
}

std::size_t store::purge(std::uint32_t origin, reason why) {
  const auto leaving = begin_purge(origin, why);
  while (prepare(*leaving))
    step(*leaving);
  return leaving->entries.size();
}

} // namespace registry::inline v0_2
