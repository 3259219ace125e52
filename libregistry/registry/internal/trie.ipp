// Included by trie.hpp.

namespace registry::internal {

template <class Traits>
auto trie<Traits>::assign(std::uint64_t hash, const key_type& key, payload_ptr payload) -> const payload_type* {
  retired_.reserve(max_retirements);
  path way;
  descend(hash, way);
  auto at = way.slot->load(std::memory_order_relaxed);
  auto* old_leaf = at ? at.as_leaf() : nullptr;
  auto* old_row = old_leaf ? nodes::find(*old_leaf, hash, key) : nullptr;
  if (old_row && sole(old_leaf) && sole(old_row) && Traits::interchangeable(old_row->key, key)) {
    auto* previous = old_row->payload.exchange(payload.release(), std::memory_order_acq_rel);
    retired_.retire(previous, [](void* p) noexcept { Traits::release(static_cast<payload_type*>(p)); });
    return previous;
  }
  auto fresh = std::make_unique<row>(key, payload.get());
  if (old_row) {
    auto* copy = nodes::make_leaf(old_leaf->count);
    std::ranges::transform(old_leaf->places(), copy->places().begin(), [&](place p) {
      return p.at == old_row ? place{hash, fresh.get()} : p;
    });
    supersede(*way.slot, old_leaf, copy, old_row);
  } else {
    add_row(way, old_leaf, {hash, fresh.get()});
  }
  // From here on the row is the trie's, and the payload the row's.
  fresh.release();
  payload.release();
  return old_row ? old_row->payload.load(std::memory_order_relaxed) : nullptr;
}

template <class Traits>
auto trie<Traits>::erase(std::uint64_t hash, const key_type& key) -> const payload_type* {
  if (!nodes::find(root_.load(std::memory_order_relaxed).as_inner(), hash, key))
    return nullptr;
  retired_.reserve(max_retirements);
  path way;
  descend(hash, way);
  auto* old = way.slot->load(std::memory_order_relaxed).as_leaf();
  auto* dropped = nodes::find(*old, hash, key);
  auto* rest = copy_without(*old, dropped);
  supersede(*way.slot, old, rest ? child(rest) : child(), dropped);
  merge_upwards(hash, way);
  return dropped->payload.load(std::memory_order_relaxed);
}

/// Makes the inner node in a slot belong to the table alone; the nodes above do.
template <class Traits>
auto trie<Traits>::own(std::atomic<child>& slot) -> inner* {
  auto* old = slot.load(std::memory_order_relaxed).as_inner();
  if (sole(old))
    return old;
  auto* copy = new inner;
  for (std::size_t i = 0; i < nodes::fan_out; ++i) {
    auto c = old->children[i].load(std::memory_order_relaxed);
    nodes::retain(c);
    copy->children[i].store(c, std::memory_order_relaxed);
  }
  slot.store(copy, std::memory_order_release);
  retire(old);
  return copy;
}

template <class Traits>
void trie<Traits>::descend(std::uint64_t hash, path& way) {
  way.slot = &root_;
  auto at = root_.load(std::memory_order_relaxed);
  while (at && !at.is_leaf()) {
    auto* n = own(*way.slot);
    way.slot = &n->children[nodes::index_of(hash, way.depth)];
    way.steps[way.depth++] = n;
    at = way.slot->load(std::memory_order_relaxed);
  }
}

/// Publishes what takes the place of a leaf and holds the same rows, except for one (or nullptr) that is dropped.
template <class Traits>
void trie<Traits>::supersede(std::atomic<child>& slot, leaf* old, child fresh, row* dropped) noexcept {
  auto moved = sole(old);
  if (!moved)
    for (auto& p : old->places())
      if (p.at != dropped)
        nodes::retain(p.at);
  slot.store(fresh, std::memory_order_release);
  if (!moved) {
    retire(old);
    return;
  }
  retired_.retire(old, [](void* p) noexcept { nodes::free_shell(static_cast<leaf*>(p)); });
  if (dropped)
    retire(dropped);
}

template <class Traits>
void trie<Traits>::add_row(path& way, leaf* old, place added) {
  if (!old) {
    way.slot->store(build({&added, 1}, way.depth), std::memory_order_release);
  } else if (old->count < leaf_rows || way.depth == nodes::max_depth) {
    auto* grown = nodes::make_leaf(old->count + std::size_t{1});
    *std::ranges::copy(old->places(), grown->places().begin()).out = added;
    supersede(*way.slot, old, grown, nullptr);
  } else {
    std::array<place, leaf_rows + 1> all;
    *std::ranges::copy(old->places(), all.begin()).out = added;
    supersede(*way.slot, old, build(all, way.depth), nullptr);
  }
}

/// A trie of a few rows under a node of this depth. Counts no references to them.
template <class Traits>
auto trie<Traits>::build(std::span<const place> places, unsigned depth) -> child {
  assert(places.size() <= leaf_rows + 1);
  if (places.size() <= leaf_rows || depth == nodes::max_depth) {
    auto* n = nodes::make_leaf(places.size());
    std::ranges::copy(places, n->places().begin());
    return n;
  }
  std::unique_ptr<inner, structure_free> n(new inner);
  for (auto& first : places) {
    auto index = nodes::index_of(first.hash, depth);
    auto& slot = n->children[index];
    if (slot.load(std::memory_order_relaxed))
      continue;
    std::array<place, leaf_rows + 1> same;
    auto end =
        std::ranges::copy_if(places, same.begin(), [&](place p) { return nodes::index_of(p.hash, depth) == index; }).out;
    slot.store(build({same.begin(), end}, depth + 1), std::memory_order_relaxed);
  }
  return n.release();
}

template <class Traits>
auto trie<Traits>::copy_without(leaf& old, const row* dropped) -> leaf* {
  if (old.count == 1)
    return nullptr;
  auto* rest = nodes::make_leaf(old.count - std::size_t{1});
  std::ranges::copy_if(old.places(), rest->places().begin(), [&](place p) { return p.at != dropped; });
  return rest;
}

/// The number of rows below a node if it can become one leaf, more than `merge_rows` if not. Looks at few children of a node
/// that is well filled.
template <class Traits>
std::size_t trie<Traits>::count_rows_to_merge(const inner& n) noexcept {
  std::size_t rows = 0;
  for (auto& slot : n.children) {
    auto c = slot.load(std::memory_order_relaxed);
    if (!c)
      continue;
    rows += c.is_leaf() ? c.as_leaf()->count : merge_rows + 1;
    if (rows > merge_rows)
      break;
  }
  return rows;
}

/// Replaces inner nodes at the end of the way by leaves for as long as few rows are left in them, so that memory follows the
/// number of keys down.
template <class Traits>
void trie<Traits>::merge_upwards(std::uint64_t hash, path& way) noexcept {
  for (; way.depth > 1; --way.depth) {
    auto* n = way.steps[way.depth - 1];
    auto rows = count_rows_to_merge(*n);
    if (rows > merge_rows)
      return;
    auto& slot = way.steps[way.depth - 2]->children[nodes::index_of(hash, way.depth - 2)];
    child merged;
    if (rows > 0) {
      leaf* all = nullptr;
      try {
        all = nodes::make_leaf(rows);
      } catch (const std::bad_alloc&) {
        return; // The next removal tries again.
      }
      auto out = all->places().begin();
      for (auto& from : n->children)
        if (auto c = from.load(std::memory_order_relaxed))
          out = std::ranges::copy(c.as_leaf()->places(), out).out;
      for (auto& p : all->places())
        nodes::retain(p.at);
      merged = all;
    }
    slot.store(merged, std::memory_order_release);
    retire(n);
  }
}

} // namespace registry::internal
