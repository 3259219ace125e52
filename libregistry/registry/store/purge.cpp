#include <registry/store/store.hpp>

#include <registry/error/internal/out_of_memory.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>

namespace registry::inline v0_2 {

namespace {

struct leaving_entry {
  std::uint64_t order; // of the hash of its key
  std::uint64_t position;
};

/// Entries that leave, by the hashes of their keys in the order of the index: its nodes are too far from any cache to be
/// visited twice.
class leaving_entries {
public:
  leaving_entries() = default;
  explicit leaving_entries(std::vector<leaving_entry> all) : all_(std::move(all)) {
    std::sort(all_.begin(), all_.end(), [](const leaving_entry& a, const leaving_entry& b) {
      return a.order != b.order ? a.order < b.order : a.position > b.position;
    });
    for (auto first = all_.begin(); first != all_.end();) {
      const auto end = std::find_if(first + 1, all_.end(), [&](const auto& x) { return x.order != first->order; });
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

/// First the entries leave, part by part, then the entries of members that no step has removed completely: a member rarely has
/// other entries, so its record can be removed as a whole.
struct store::eviction {
  using places = decltype(content_of_origin::places);

  /// `entries_of_part` is what can be sorted in the time of a step.
  eviction(reason cause, places leaving, std::size_t entries_of_part)
      : why(cause), all(std::move(leaving)), bits(static_cast<int>(std::bit_width(all.size() / entries_of_part))) {}

  const reason why;
  /// All entries, until they have been distributed.
  places all;
  places::const_iterator unseen = all.begin();
  const std::size_t count = all.size();

  /// By the first bits of their order.
  const int bits;
  std::vector<std::vector<leaving_entry>> parts = std::vector<std::vector<leaving_entry>>(std::size_t{1} << bits);
  std::size_t next_part = 0;

  leaving_entries entries{};
  std::size_t hash = 0; // the next one
  std::size_t from = 0; // its next entry

  tally members{};
  bool members_begun = false;
  tally::const_iterator member{};
  /// Whether the present member's entries have all left. Determined without excluding other writers.
  bool as_a_whole = false;
  std::uint64_t newest = 0; // no position was greater then
  member_entry_order looked_at{};

  [[nodiscard]] std::size_t part_of(std::uint64_t order) const noexcept {
    return bits == 0 ? 0 : order >> (std::numeric_limits<std::uint64_t>::digits - bits);
  }
  [[nodiscard]] bool entries_left() const noexcept { return hash < entries.hashes().size(); }
  void go_on() noexcept {
    ++member;
    looked_at = {};
  }
};

std::shared_ptr<store::eviction> store::begin_purge(std::uint32_t origin, reason why) {
  return without_failing("the entries of another node are examined", [&] {
    eviction::places leaving;
    if (const auto found = origins_.find(origin); found != origins_.end()) {
      leaving = std::move(found->second.places);
      origins_.erase(found);
    }
    return std::make_shared<eviction>(why, std::move(leaving), options_.steps.of_key);
  });
}

store::stage store::prepare(eviction& x) const {
  return without_failing("the entries of another node are removed", [&] {
    if (x.unseen != x.all.end()) {
      for (std::size_t seen = 0; x.unseen != x.all.end() && seen < options_.steps.of_key; ++x.unseen, ++seen) {
        const auto& [number, where] = *x.unseen;
        const auto order = table::index_order(where.hash);
        x.parts[x.part_of(order)].push_back({order, where.position});
      }
      if (x.unseen == x.all.end())
        x.unseen = (x.all = {}).end();
      return stage::preparing;
    }
    if (x.entries_left())
      return stage::ready;
    if (x.next_part < x.parts.size()) {
      x.entries = leaving_entries(std::exchange(x.parts[x.next_part++], {}));
      x.hash = x.from = 0;
      return stage::preparing;
    }
    if (!std::exchange(x.members_begun, true))
      x.member = x.members.begin();
    if (x.member == x.members.end())
      return stage::complete;
    if (x.looked_at == member_entry_order{}) {
      const auto& [who, count] = *x.member;
      x.newest = table_.newest_held_by(who);
      x.as_a_whole = table_.count_held_by(who, count) == count;
    }
    return stage::ready;
  });
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
  const auto part = x.entries.part_from(x.hash, x.from, options_.steps);
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
  const auto& who = x.member->first;
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
  for (auto next = prepare(*leaving); next != stage::complete; next = prepare(*leaving)) {
    if (next == stage::ready)
      step(*leaving);
  }
  return leaving->count;
}

} // namespace registry::inline v0_2
