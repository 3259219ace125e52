// Included by trie.hpp.

namespace registry::inline v0_2::internal {

template <class Traits>
template <class Key>
auto trie<Traits>::assign(std::uint64_t hash, const Key& key, payload_ptr payload) -> const payload_type* {
  retired_.reserve(max_retirements);
  path way;
  descend(hash, way);
  auto at = way.slot->load(std::memory_order_relaxed);
  auto* old_leaf = at ? at.as_leaf() : nullptr;
  auto* old_row = old_leaf ? nodes::find(old_leaf, hash, key) : nullptr;
  if (old_row && sole(old_leaf) && Traits::interchangeable(old_row->key, key)) {
    auto* previous = old_row->payload.exchange(payload.release(), std::memory_order_acq_rel);
    retired_.retire(previous, [](void* p) noexcept { Traits::release(static_cast<payload_type*>(p)); });
    return previous;
  }
  new_row fresh(hash, key, std::move(payload));
  if (old_row) {
    auto* copy = nodes::make_leaf(old_leaf->count);
    auto* to = copy->rows().data();
    for (auto& r : old_leaf->rows())
      nodes::take_over(to++, &r == old_row ? *fresh : r);
    supersede(*way.slot, old_leaf, copy, old_row);
  } else {
    add_row(way, old_leaf, *fresh);
  }
  fresh.give_away();
  return old_row ? old_row->payload.load(std::memory_order_relaxed) : nullptr;
}

template <class Traits>
template <class Key>
auto trie<Traits>::erase(std::uint64_t hash, const Key& key) -> const payload_type* {
  if (!nodes::find(root_.load(std::memory_order_relaxed).as_inner(), hash, key))
    return nullptr;
  retired_.reserve(max_retirements);
  path way;
  descend(hash, way);
  auto* old = way.slot->load(std::memory_order_relaxed).as_leaf();
  auto* dropped = nodes::find(old, hash, key);
  child rest;
  if (old->count > 1) {
    auto* copy = nodes::make_leaf(old->count - std::size_t{1});
    auto* to = copy->rows().data();
    for (auto& r : old->rows())
      if (&r != dropped)
        nodes::take_over(to++, r);
    rest = copy;
  }
  supersede(*way.slot, old, rest, dropped);
  merge_upwards(hash, way);
  return dropped->payload.load(std::memory_order_relaxed);
}

template <class Traits>
void trie<Traits>::clear() {
  retired_.reserve(1);
  auto* fresh = new inner;
  retire(root_.exchange(fresh, std::memory_order_acq_rel).as_inner());
}

template <class Traits>
template <class Key>
auto trie<Traits>::row_of(std::uint64_t hash, const Key& key) -> row* {
  const auto* found = nodes::find(root_.load(std::memory_order_relaxed).as_inner(), hash, key);
  if (!found)
    return nullptr;
  if (!Traits::interchangeable(found->key, key))
    return replace_key(hash, key);
  return const_cast<row*>(found);
}

/// A leaf with the same rows, bit by bit.
template <class Traits>
auto trie<Traits>::copy_of(leaf& from) -> leaf* {
  auto* copy = nodes::make_leaf(from.count);
  auto* to = copy->rows().data();
  for (auto& r : from.rows())
    nodes::take_over(to++, r);
  return copy;
}

/// Gives the row of a key another equal key. There are no snapshots.
template <class Traits>
template <class Key>
auto trie<Traits>::replace_key(std::uint64_t hash, const Key& key) -> row* {
  retired_.reserve(max_retirements);
  path way;
  descend(hash, way);
  auto* old = way.slot->load(std::memory_order_relaxed).as_leaf();
  assert(sole(old));
  auto index = static_cast<std::uint32_t>(nodes::find(old, hash, key) - old->rows().data());
  auto* copy = copy_of(*old);
  auto& fresh = copy->rows()[index];
  Traits::renew(fresh.key, key);
  way.slot->store(copy, std::memory_order_release);
  old->references.store(index, std::memory_order_relaxed);
  retired_.retire(old, [](void* p) noexcept {
    auto* shell = static_cast<leaf*>(p);
    std::destroy_at(&shell->rows()[shell->references.load(std::memory_order_relaxed)]);
    nodes::free_shell(shell);
  });
  return &fresh;
}

template <class Traits>
template <class Key, class Change>
void trie<Traits>::rewrite(std::uint64_t hash, const Key& key, Change change) {
  retired_.reserve(max_retirements);
  path way;
  descend(hash, way);
  auto* old = way.slot->load(std::memory_order_relaxed).as_leaf();
  assert(sole(old));
  auto* copy = copy_of(*old);
  change(*nodes::find(copy, hash, key));
  way.slot->store(copy, std::memory_order_release);
  retired_.retire_memory(old);
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

/// Publishes what takes the place of a leaf: nodes that have taken over its rows, except for one (or nullptr) that is
/// dropped.
template <class Traits>
void trie<Traits>::supersede(std::atomic<child>& slot, leaf* old, child fresh, const row* dropped) noexcept {
  if (!sole(old)) {
    for (auto& r : old->rows())
      if (&r != dropped)
        nodes::own_again(r);
    slot.store(fresh, std::memory_order_release);
    retire(old);
    return;
  }
  slot.store(fresh, std::memory_order_release);
  if (!dropped) {
    retired_.retire_memory(old);
    return;
  }
  auto index = static_cast<std::uint32_t>(dropped - old->rows().data());
  old->references.store(index, std::memory_order_relaxed);
  retired_.retire(old, [](void* p) noexcept {
    auto* shell = static_cast<leaf*>(p);
    nodes::disown(shell->rows()[shell->references.load(std::memory_order_relaxed)]);
    nodes::free_shell(shell);
  });
}

template <class Traits>
void trie<Traits>::add_row(path& way, leaf* old, const row& added) {
  if (old && old->count >= leaf_rows && way.depth < nodes::max_depth) {
    std::array<const row*, leaf_rows + 1> all;
    std::ranges::transform(old->rows(), all.begin(), [](const row& r) { return &r; });
    all.back() = &added;
    supersede(*way.slot, old, build(all, way.depth), nullptr);
    return;
  }
  auto* grown = nodes::make_leaf(old ? old->count + std::size_t{1} : 1);
  auto* to = grown->rows().data();
  if (old)
    for (auto& r : old->rows())
      nodes::take_over(to++, r);
  nodes::take_over(to, added);
  if (old)
    supersede(*way.slot, old, grown, nullptr);
  else
    way.slot->store(grown, std::memory_order_release);
}

/// Nodes of a few rows below a node of depth `depth - 1`, which take the rows over.
template <class Traits>
auto trie<Traits>::build(std::span<const row* const> rows, unsigned depth) -> child {
  if (rows.size() <= leaf_rows || depth == nodes::max_depth) {
    auto* n = nodes::make_leaf(rows.size());
    auto* to = n->rows().data();
    for (auto* r : rows)
      nodes::take_over(to++, *r);
    return n;
  }
  std::unique_ptr<inner, structure_free> n(new inner);
  for (auto* first : rows) {
    auto index = nodes::index_of(first->hash, depth);
    auto& slot = n->children[index];
    if (slot.load(std::memory_order_relaxed))
      continue;
    std::array<const row*, leaf_rows + 1> same;
    auto in_slot = [&](const row* r) { return nodes::index_of(r->hash, depth) == index; };
    auto end = std::ranges::copy_if(rows, same.begin(), in_slot).out;
    slot.store(build({same.begin(), end}, depth + 1), std::memory_order_relaxed);
  }
  return n.release();
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

/// Copies the rows of a leaf, and makes a shell of it if it belongs to the table alone. Returns the end of the copies.
template <class Traits>
auto trie<Traits>::hand_over(leaf& from, row* to) noexcept -> row* {
  auto shared = !sole(&from);
  for (auto& r : from.rows()) {
    nodes::take_over(to++, r);
    if (shared)
      nodes::own_again(r);
  }
  if (!shared)
    from.references.store(0, std::memory_order_relaxed);
  return to;
}

/// Replaces inner nodes at the end of the way by leaves for as long as few rows are left in them, so that memory follows the
/// number of keys down.
template <class Traits>
void trie<Traits>::merge_upwards(std::uint64_t hash, path& way) noexcept {
  for (; way.depth > 1; --way.depth) {
    auto& slot = way.steps[way.depth - 2]->children[nodes::index_of(hash, way.depth - 2)];
    if (!merge(slot, *way.steps[way.depth - 1]))
      return;
  }
}

/// Replaces the inner node in a slot, which belongs to the table alone, by a leaf or nothing if few rows are left in it;
/// whether that was so.
template <class Traits>
bool trie<Traits>::merge(std::atomic<child>& slot, inner& n) noexcept {
  const auto rows = count_rows_to_merge(n);
  if (rows > merge_rows)
    return false;
  child merged;
  if (rows > 0) {
    leaf* all = nullptr;
    try {
      all = nodes::make_leaf(rows);
    } catch (const std::bad_alloc&) {
      return false; // The next removal tries again.
    }
    auto* to = all->rows().data();
    for (auto& from : n.children)
      if (auto c = from.load(std::memory_order_relaxed))
        to = hand_over(*c.as_leaf(), to);
    merged = all;
  }
  slot.store(merged, std::memory_order_release);
  retired_.retire(&n, [](void* p) noexcept { nodes::free_merged(static_cast<inner*>(p)); });
  return true;
}

} // namespace registry::inline v0_2::internal
