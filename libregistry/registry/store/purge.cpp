#include <registry/store/store.hpp>

#include <boost/sort/spreadsort/integer_sort.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace registry {

namespace {

struct leaving_entry {
  std::uint64_t order; // of the hash of its key
  std::uint64_t position;
};

/// All entries that leave, by the hashes of their keys in the order of the index, whose nodes are too far from any cache to come
/// back to them.
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

struct store::purge_under_way {
  leaving_entries entries;
  reason why;
  std::size_t number = 0; // of the next hash
  std::size_t done = 0;   // so many of it have left
};

std::shared_ptr<store::purge_under_way> store::begin_purge(std::uint32_t origin, reason why) {
  std::vector<leaving_entry> all;
  if (const auto found = origins_.find(origin); found != origins_.end()) {
    all.reserve(found->second.places.size());
    for (const auto& [number, where] : found->second.places)
      all.push_back({table::index_order(where.hash), where.position});
    origins_.erase(found);
  }
  return std::make_shared<purge_under_way>(purge_under_way{leaving_entries(std::move(all)), why});
}

bool store::step(purge_under_way& x) {
  auto& [all, why, number, done] = x;
  const auto first = number;
  const auto skipped = done;
  std::size_t wanted = 0;
  while (number < all.hashes().size() && wanted < step_entries) {
    const auto left = all.of_hash(number).size() - done;
    const auto taken = std::min(left, step_entries_of_key);
    wanted += taken;
    done = taken < left ? done + taken : 0;
    if (done > 0)
      break;
    ++number;
  }
  struct removed_entry {
    member who;
    value key;
    std::uint64_t position;
  };
  std::vector<removed_entry> removed;
  removed.reserve(wanted);
  std::vector<std::uint64_t> positions;
  const auto end = done > 0 ? number + 1 : number;
  table_.edit(all.hashes().subspan(first, end - first), [&](std::size_t i, const value& key, const group& entries) {
    auto leaving = all.of_hash(first + i);
    if (done > 0 && first + i == number)
      leaving = leaving.first(done);
    if (i == 0)
      leaving = leaving.subspan(skipped);
    positions.clear();
    for (const auto& one : leaving) {
      const auto* held = entries.at_position(one.position);
      if (held == nullptr)
        continue; // of another key with the same hash
      positions.push_back(one.position);
      removed.push_back({held->who, key, one.position});
    }
    return positions.empty() ? entries : leave_remote(key, entries, positions, why);
  });
  for (const auto& one : removed)
    table_.remove_holding(one.who, one.key, one.position);
  return number < all.hashes().size();
}

std::size_t store::purge(std::uint32_t origin, reason why) {
  const auto x = begin_purge(origin, why);
  const auto count = x->entries.size();
  while (step(*x)) {
  }
  return count;
}

} // namespace registry
