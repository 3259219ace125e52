// Included by trie.hpp.

#include <boost/container/small_vector.hpp>

#include <iterator>

namespace registry::inline v0_2::internal {

/// Calls `visit(first, last)` for each run of hashes that lie below the same child of a node.
template <class Traits, class Visitor>
void for_each_child(std::span<const std::uint64_t> hashes, unsigned depth, Visitor visit) {
  using nodes = trie_nodes<Traits>;
  while (!hashes.empty()) {
    const auto index = nodes::index_of(hashes.front(), depth);
    const auto other = [&](std::uint64_t x) { return nodes::index_of(x, depth) != index; };
    const auto end = std::find_if(hashes.begin() + 1, hashes.end(), other);
    const auto below = static_cast<std::size_t>(end - hashes.begin());
    visit(index, hashes.first(below));
    hashes = hashes.subspan(below);
  }
}

template <class Traits>
std::uint64_t trie<Traits>::order_of(std::uint64_t hash) noexcept {
  const auto swap = [&](unsigned distance, std::uint64_t low) {
    hash = ((hash >> distance) & low) | ((hash & low) << distance);
  };
  swap(1, 0x5555555555555555U);
  swap(2, 0x3333333333333333U);
  swap(4, 0x0f0f0f0f0f0f0f0fU);
  return __builtin_bswap64(hash);
}

template <class Traits>
template <class Change>
void trie<Traits>::edit(std::span<const std::uint64_t> hashes, Change&& change) {
  edit_below(root_, 0, hashes, change);
}

/// Changes what lies below a slot of a node of depth `depth - 1`, which belongs to the table alone.
template <class Traits>
template <class Change>
void trie<Traits>::edit_below(std::atomic<child>& slot, unsigned depth, std::span<const std::uint64_t> hashes,
                              Change& change) {
  const auto at = slot.load(std::memory_order_relaxed);
  if (!at)
    return;
  if (at.is_leaf())
    return edit_leaf(slot, hashes, change);
  retired_.reserve(max_retirements);
  auto* n = own(slot);
  fetch_leaves(*n, depth, hashes);
  for_each_child<Traits>(hashes, depth,
                         [&](unsigned index, auto below) { edit_below(n->children[index], depth + 1, below, change); });
  retired_.reserve(max_retirements);
  if (depth > 0)
    merge(slot, *n);
}

/// Asks for the leaves below a node and then for what their rows refer to, as all of it is far from any cache.
template <class Traits>
void trie<Traits>::fetch_leaves(const inner& n, unsigned depth, std::span<const std::uint64_t> hashes) noexcept {
  const auto for_each_leaf = [&](auto visit) {
    for_each_child<Traits>(hashes, depth, [&](unsigned index, auto below) {
      if (const auto c = n.children[index].load(std::memory_order_relaxed); c && c.is_leaf())
        visit(*c.as_leaf(), below);
    });
  };
  for_each_leaf([](const leaf& x, auto) { nodes::prefetch(&x, sizeof(leaf) + leaf_rows * sizeof(row)); });
  for_each_leaf([](const leaf& x, auto below) {
    for (const auto& r : x.rows()) {
      if (std::find(below.begin(), below.end(), r.hash) != below.end())
        nodes::prefetch(r.payload.load(std::memory_order_relaxed), nodes::payload_size);
    }
  });
}

template <class Traits>
template <class Change>
void trie<Traits>::edit_leaf(std::atomic<child>& slot, std::span<const std::uint64_t> hashes, Change& change) {
  auto* old = slot.load(std::memory_order_relaxed).as_leaf();
  boost::container::small_vector<payload_ptr, leaf_rows> fresh; // per row; null: it goes
  std::size_t kept = 0;
  bool changed = false;
  for (auto& r : old->rows()) {
    auto* payload = r.payload.load(std::memory_order_relaxed);
    if (const auto hash = std::find(hashes.begin(), hashes.end(), r.hash); hash != hashes.end()) {
      fresh.push_back(change(*hash, r.key, payload));
    } else {
      Traits::retain(payload);
      fresh.emplace_back(payload);
    }
    kept += fresh.back() ? 1 : 0;
    changed = changed || fresh.back().get() != payload;
  }
  if (!changed)
    return;
  child rest;
  if (kept > 0) {
    auto* copy = nodes::make_leaf(kept);
    auto* to = copy->rows().data();
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const auto& from = old->rows()[i];
      if (fresh[i])
        new (to++) row(from.hash, from.key, fresh[i].release());
    }
    rest = copy;
  }
  retired_.reserve(1);
  slot.store(rest, std::memory_order_release);
  retire(old);
}

} // namespace registry::inline v0_2::internal
