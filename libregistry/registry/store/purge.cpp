#include <registry/store/store.hpp>

#include <registry/error/out_of_memory.hpp>

#include <boost/sort/spreadsort/integer_sort.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace registry {

namespace {

struct leaving_entry {
  std::uint64_t order; // of the hash of its key
  std::uint64_t position;
};

/// All entries that leave, by the hashes of their keys in the order of the index, whose nodes are too far from any cache to
/// come back to them.
class leaving_entries {
public:
  explicit leaving_entries(std::vector<leaving_entry> all) : all_(std::move(all)) {
    boost::sort::spreadsort::integer_sort(
        all_.begin(), all_.end(), [](const leaving_entry& x, unsigned bits) { return x.order >> bits; },
        [](const leaving_entry& a, const leaving_entry& b) { return a.order < b.order; });
    for (auto first = all_.begin(); first != all_.end();) {
      const auto end = std::find_if(first + 1, all_.end(), [&](const auto& x) { return x.order != first->order; });
      std::sort(first, end, [](const auto& a, const auto& b) { return a.position > b.position; });
      hashes_.push_back(table::index_order(first->order)); // turns the bits back
      starts_.push_back(static_cast<std::size_t>(first - all_.begin()));
      first = end;
    }
    starts_.push_back(all_.size());
  }

  [[nodiscard]] std::span<const std::uint64_t> hashes() const noexcept { return hashes_; }
  /// Those with one of the hashes, the latest first.
  [[nodiscard]] std::span<const leaving_entry> of_hash(std::size_t number) const noexcept {
    return std::span{all_}.subspan(starts_[number], starts_[number + 1] - starts_[number]);
  }
  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

private:
  std::vector<leaving_entry> all_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::size_t> starts_;
};

} // namespace

std::size_t store::purge(std::uint32_t origin, reason why) {
  const auto found = origins_.find(origin);
  if (found == origins_.end())
    return 0;
  return without_failing("what another node had is removed", [&] { return purge_found(found, why); });
}

std::size_t store::purge_found(origins::iterator found, reason why) {
  std::vector<leaving_entry> all;
  all.reserve(found->second.places.size());
  for (const auto& [number, where] : found->second.places)
    all.push_back({table::index_order(where.hash), where.position});
  origins_.erase(found);
  const leaving_entries leaving(std::move(all));
  // By handle, as that can be told without looking at the actor.
  boost::unordered_flat_map<caf::actor_control_block*, std::size_t> removed_handles;
  std::vector<std::uint64_t> positions;
  table_.edit(leaving.hashes(), [&](std::size_t number, const value& key, const group& entries) {
    positions.clear();
    for (const auto& x : leaving.of_hash(number)) {
      const auto* one = entries.at_position(x.position);
      if (one == nullptr)
        continue; // of another key with the same hash
      positions.push_back(x.position);
      ++removed_handles[one->who.get()]; // lives until the entry is collected
    }
    return positions.empty() ? entries : leave_remote(key, entries, positions, why);
  });
  // The members' side is changed once for each of them: they rarely have anything else.
  boost::unordered_flat_map<member, std::size_t, member_hash, member_equal> removed;
  for (const auto& [handle, count] : removed_handles)
    removed[member{handle}] += count; // an actor may have several
  for (const auto& [who, count] : removed) {
    if (count == table_.count_held_by(who))
      table_.remove_holdings(who);
    else
      forget_removed(who);
  }
  return leaving.size();
}

/// Takes what is not there any more out of the member's side of the index.
void store::forget_removed(const member& who) {
  for (const auto& [key, position] : table_.held_by(who)) {
    if (table_.find(key).at_position(position) == nullptr)
      table_.remove_holding(who, key, position);
  }
}

} // namespace registry
