#include <registry/store/store.hpp>

#include <registry/error/internal/out_of_memory.hpp>
#include <registry/internal/deferral.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <span>
#include <utility>

namespace registry::inline v0_2 {

namespace {

/// Takes the last entries: all, unless they are too many for one step.
template <class T>
std::vector<T> take_some(std::vector<T>& all, const step_size& size) {
  const auto count = all.size() > size.of_key ? size.of_large_key : all.size();
  const auto end = all.rbegin() + static_cast<std::ptrdiff_t>(count);
  std::vector<T> out(std::make_move_iterator(all.rbegin()), std::make_move_iterator(end));
  all.resize(all.size() - count);
  return out;
}

} // namespace

/// The difference between the new content under one key and the stored entries. Steps take from the end of each list.
struct store::difference {
  value key;
  std::vector<std::uint64_t> gone{};
  std::vector<remote_entry> joined{};
  std::vector<remote_entry> updated{};
  /// The same entries with other handles.
  std::vector<remote_entry> renewed{};
};

struct store::installation {
  enum class phase : std::uint8_t { beginning, filling, comparing, finding_gone, sorting, changing };
  using numbers = boost::unordered_flat_set<std::uint64_t, number_hash>;

  const std::uint32_t origin;
  std::vector<remote_group> content;
  const content_digest digest;
  phase now = phase::beginning;

  // The place in the content: a group, and an entry of it.
  std::size_t at_group = 0;
  std::size_t at_entry = 0;
  /// The groups before this one are freed.
  std::size_t freed = 0;

  // With stored entries to compare with:
  numbers listed{}; ///< all numbers of the content
  numbers same{};   ///< those that are stored, for the same members
  boost::unordered_flat_map<value, std::size_t, strict_hash, strict_equal> index{};
  decltype(content_of_origin::places)::const_iterator unseen{};
  /// Per key, in order of first occurrence. All leaves come first, since a number may come back under another key.
  std::vector<difference> differences{};
  std::size_t sorted = 0;
  std::size_t without_gone = 0;
  std::size_t changed = 0;

  [[nodiscard]] bool all_seen() const noexcept { return at_group == content.size(); }
  difference& under(const value& key) {
    const auto [at, added] = index.try_emplace(key, differences.size());
    if (added)
      differences.push_back({key});
    return differences[at->second];
  }
  /// Takes up to so many entries of the present group.
  std::span<const remote_entry> take(std::size_t most) noexcept {
    const auto rest = std::span<const remote_entry>{content[at_group].entries}.subspan(at_entry);
    const auto out = rest.first(std::min(rest.size(), most));
    at_entry += out.size();
    if (out.size() == rest.size()) {
      at_entry = 0;
      ++at_group;
    }
    return out;
  }
  /// The content may hold the last handles to actors of this process.
  void free_seen() {
    const auto place = [&](std::size_t number) { return content.begin() + static_cast<std::ptrdiff_t>(number); };
    internal::deferral::keep(
        std::vector<remote_group>(std::make_move_iterator(place(freed)), std::make_move_iterator(place(at_group))));
    freed = at_group;
  }
  /// Whether the groups of the present key have more entries left than that.
  [[nodiscard]] bool has_more_of_key(std::size_t count) const {
    std::size_t seen = 0;
    for (auto x = at_group; x < content.size() && identical(content[x].key, content[at_group].key); ++x) {
      seen += content[x].entries.size();
      if (seen > count)
        return true;
    }
    return false;
  }
};

std::shared_ptr<store::installation> store::begin_install(std::uint32_t origin, std::vector<remote_group> content,
                                                          const content_digest& digest) {
  assert(origin != 0);
  return without_failing("the content of another node is taken",
                         [&] { return std::make_shared<installation>(installation{origin, std::move(content), digest}); });
}

store::stage store::prepare(installation& x) {
  using phase = installation::phase;
  return without_failing("the content of another node is looked at", [&] {
    switch (x.now) {
    case phase::beginning:
      begin(x);
      return stage::preparing;
    case phase::filling:
      return x.all_seen() ? stage::complete : stage::ready;
    case phase::comparing:
      compare(x);
      return stage::preparing;
    case phase::finding_gone:
      find_gone(x);
      return stage::preparing;
    case phase::sorting:
      // An exit removes the latest first. The first must be last, since steps take from the end.
      for (std::size_t count = 0; x.sorted < x.differences.size() && count < options_.steps.of_key; ++x.sorted) {
        auto& one = x.differences[x.sorted];
        std::sort(one.gone.begin(), one.gone.end());
        for (auto* all : {&one.joined, &one.updated, &one.renewed})
          std::reverse(all->begin(), all->end());
        count += 1 + one.gone.size() + one.joined.size() + one.updated.size() + one.renewed.size();
      }
      if (x.sorted == x.differences.size())
        x.now = phase::changing;
      return stage::preparing;
    case phase::changing:
      return x.changed < x.differences.size() ? stage::ready : stage::complete;
    }
    return stage::complete;
  });
}

void store::begin(installation& x) {
  auto& held = origins_[x.origin];
  x.now = held.places.empty() ? installation::phase::filling : installation::phase::comparing;
  if (x.now == installation::phase::filling) {
    held.places.reserve(x.digest.count);
    held.digest = x.digest;
    held.digest.count = 0; // counted, or a wrong digest would never be detected
  }
}

void store::step(installation& x) {
  without_failing("the content of another node is installed", [&] {
    if (x.now == installation::phase::filling)
      fill_step(x);
    else
      change_step(x);
    table_.reclaim();
  });
}

void store::install(std::uint32_t origin, std::vector<remote_group> content, const content_digest& digest) {
  const auto x = begin_install(origin, std::move(content), digest);
  for (auto next = prepare(*x); next != stage::complete; next = prepare(*x)) {
    if (next == stage::ready)
      step(*x);
  }
}

void store::fill_step(installation& x) {
  auto& held = origins_[x.origin];
  std::vector<remote_entry> collected; // of one key, which may come in several groups
  for (std::size_t count = 0; !x.all_seen() && count < options_.steps.wanted; count += collected.size() + 1) {
    const auto& key = x.content[x.at_group].key;
    const bool large = x.at_entry > 0 || x.has_more_of_key(options_.steps.of_key);
    const auto most = large ? options_.steps.of_large_key : options_.steps.of_key;
    collected.clear();
    do {
      const auto taken = x.take(most - collected.size());
      collected.insert(collected.end(), taken.begin(), taken.end());
    } while (collected.size() < most && !x.all_seen() && identical(x.content[x.at_group].key, key));
    add_remote(x.origin, held, key, collected, reason::resync);
  }
  x.free_seen();
  held.digest.count = held.places.size();
}

void store::compare(installation& x) const {
  const auto& held = origins_.at(x.origin);
  std::vector<group> looked_at; // writers may replace them meanwhile
  for (std::size_t count = 0; !x.all_seen() && count < options_.steps.of_key;) {
    const auto& key = x.content[x.at_group].key;
    const auto& present = looked_at.emplace_back(table_.find(key));
    const auto taken = x.take(options_.steps.of_key);
    for (const auto& one : taken) {
      if (!one.who || !x.listed.insert(one.number).second)
        continue;
      const auto found = held.places.find(one.number);
      const auto* stored = found != held.places.end() ? present.at_position(found->second.position) : nullptr;
      if (!stored || !same_member(stored->who, one.who)) {
        x.under(key).joined.push_back(one);
        continue;
      }
      x.same.insert(one.number);
      if (!identical(stored->data, one.data))
        x.under(key).updated.push_back(one);
      else if (stored->who.get() != one.who.get())
        x.under(key).renewed.push_back(one);
    }
    count += taken.size() + 1;
  }
  internal::deferral::keep(std::move(looked_at));
  x.free_seen();
  if (x.all_seen()) {
    x.listed = {};
    x.unseen = held.places.begin();
    x.now = installation::phase::finding_gone;
  }
}

void store::find_gone(installation& x) const {
  const auto end = origins_.at(x.origin).places.end();
  for (std::size_t count = 0; x.unseen != end && count < options_.steps.of_key; ++x.unseen, ++count) {
    const auto& [number, where] = *x.unseen;
    if (!x.same.contains(number))
      x.under(table_.key_of(where.hash, where.position)).gone.push_back(number);
  }
  if (x.unseen == end) {
    x.same = {};
    x.index = {};
    x.now = installation::phase::sorting;
  }
}

void store::change_step(installation& x) {
  auto& held = origins_[x.origin];
  for (std::size_t count = 0; count < options_.steps.wanted;) {
    if (x.without_gone < x.differences.size()) {
      auto& one = x.differences[x.without_gone];
      const auto leaving = take_some(one.gone, options_.steps);
      if (!leaving.empty())
        remove_remote(x.origin, one.key, leaving, reason::resync);
      count += leaving.size() + 1;
      x.without_gone += one.gone.empty() ? 1 : 0;
      continue;
    }
    if (x.changed == x.differences.size())
      return;
    auto& [key, gone, joined, updated, renewed] = x.differences[x.changed];
    std::vector<remote_entry> taken;
    if (!renewed.empty()) {
      taken = take_some(renewed, options_.steps);
      renew_remote(held, key, taken);
    } else if (!updated.empty()) {
      taken = take_some(updated, options_.steps);
      update_remote(x.origin, key, taken, reason::resync);
    } else if (!joined.empty()) {
      taken = take_some(joined, options_.steps);
      for (const auto& one : taken)
        held.digest.add(one.number, key, one.who, one.data);
      add_remote(x.origin, held, key, taken, reason::resync);
    } else {
      ++x.changed;
      ++count;
      continue;
    }
    count += taken.size();
    internal::deferral::keep(std::move(taken));
  }
}

} // namespace registry::inline v0_2
