// Included by ordered_tree.hpp.
//
// The changes of an `ordered_tree`. Each of them first makes the inner nodes on its way belong to this tree alone and, for an
// insertion, splits the full ones among them: steps that leave the content as it is, so that any of them may throw. Then the
// leaf changes, and after that nothing throws.

namespace registry::inline v0_2::internal {

template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::insert(std::size_t rank, T item) {
  assert(rank <= size());
  if (!root_) {
    insert_into(root_, 0, std::move(item));
    return;
  }
  auto at_right_edge = rank == size();
  path way;
  auto& slot = descend_to_insert(rank, way);
  if (slot->count < max_count) {
    insert_into(slot, rank, std::move(item));
  } else {
    auto* right = split_leaf(slot, rank, at_right_edge, std::move(item));
    auto [parent, index] = way.back();
    parent->branches()[index] = branch_to(slot);
    insert_branch(parent, index + 1, branch_to(right));
  }
  update_sizes(way, +1);
}

template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::erase(std::size_t rank) {
  assert(rank < size());
  path way;
  auto& slot = descend(rank, way);
  if (slot->count > 1) {
    erase_from(slot, rank);
    update_sizes(way, -1);
  } else {
    drop_leaf(way);
  }
  try {
    rebalance(way);
  } catch (const std::bad_alloc&) {
    // A sparse node is no error; a later removal near it tries again.
  }
}

template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::replace(std::size_t rank, T item) {
  assert(rank < size());
  path way;
  auto& slot = descend(rank, way);
  auto* old = nodes::as_leaf(slot);
  assert(!(KeyOf{}(old->items()[rank]) < KeyOf{}(item)) && !(KeyOf{}(item) < KeyOf{}(old->items()[rank])));
  if (!old->shared()) {
    old->items()[rank] = std::move(item);
    return;
  }
  auto* copy = nodes::make_leaf(old->count);
  std::uninitialized_copy_n(old->items(), rank, copy->items());
  std::construct_at(copy->items() + rank, std::move(item));
  std::uninitialized_copy(old->items() + rank + 1, old->items() + old->count, copy->items() + rank + 1);
  copy->count = old->count;
  slot = copy;
  nodes::release(old);
}

// -- the way down ---------------------------------------------------------------------------------------------------------

/// Makes an inner node belong to this tree alone, with memory for `room` more branches unless it is full.
template <class T, class KeyOf>
auto ordered_tree<T, KeyOf>::own(tree_node*& slot, unsigned room) -> inner* {
  auto* old = nodes::as_inner(slot);
  auto wanted = std::min(old->count + room, max_count);
  auto shared = old->shared();
  if (!shared && old->capacity >= wanted)
    return old;
  auto* copy = nodes::make_inner(std::min((wanted + 3) & ~3U, max_count), old->height);
  copy->count = old->count;
  copy->size = old->size;
  std::uninitialized_copy_n(old->branches(), old->count, copy->branches());
  slot = copy;
  if (shared) {
    std::for_each_n(copy->branches(), copy->count, [](branch& b) { nodes::retain(b.child); });
    nodes::release(old);
  } else {
    nodes::deallocate(old);
  }
  return copy;
}

/// Finds the leaf an element of this rank goes to. Each inner node on the way gets room for one branch more, and a full leaf
/// gets a parent.
template <class T, class KeyOf>
tree_node*& ordered_tree<T, KeyOf>::descend_to_insert(std::size_t& rank, path& way) {
  if (root_->count == max_count) {
    auto* above = nodes::make_inner(4, root_->height + 1U);
    insert_branch(above, 0, branch_to(root_));
    above->size = size();
    root_ = above;
  }
  auto at_right_edge = rank == size();
  auto* slot = &root_;
  while (!(*slot)->is_leaf()) {
    auto* n = own(*slot, 1);
    unsigned i = 0;
    auto choose = [&] {
      for (; rank > n->branches()[i].size; ++i)
        rank -= n->branches()[i].size;
    };
    choose();
    if (auto* child = n->branches()[i].child; !child->is_leaf() && child->count == max_count) {
      own(n->branches()[i].child, 0);
      split(n, i, at_right_edge);
      choose();
    }
    way.push(n, i);
    slot = &n->branches()[i].child;
  }
  return *slot;
}

template <class T, class KeyOf>
tree_node*& ordered_tree<T, KeyOf>::descend(std::size_t& rank, path& way) {
  auto* slot = &root_;
  while (!(*slot)->is_leaf()) {
    auto* n = own(*slot, 0);
    unsigned i = 0;
    for (; rank >= n->branches()[i].size; ++i)
      rank -= n->branches()[i].size;
    way.push(n, i);
    slot = &n->branches()[i].child;
  }
  return *slot;
}

// -- branches -------------------------------------------------------------------------------------------------------------

template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::insert_branch(inner* n, unsigned at, branch added) noexcept {
  assert(n->count < n->capacity);
  auto* all = n->branches();
  std::copy_backward(all + at, all + n->count, all + n->count + 1);
  all[at] = added;
  ++n->count;
}

template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::erase_branch(inner* n, unsigned at) noexcept {
  auto* all = n->branches();
  std::copy(all + at + 1, all + n->count, all + at);
  --n->count;
}

/// Splits an inner node that belongs to this tree alone; the parent must have room.
template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::split(inner* parent, unsigned at, bool at_right_edge) {
  auto* left = nodes::as_inner(parent->branches()[at].child);
  // What grows at its end leaves full nodes behind.
  auto moved = at_right_edge ? min_count : max_count / 2;
  auto* right = nodes::make_inner(max_count, left->height);
  left->count = static_cast<std::uint8_t>(left->count - moved);
  right->count = static_cast<std::uint8_t>(moved);
  std::uninitialized_copy_n(left->branches() + left->count, moved, right->branches());
  std::for_each_n(right->branches(), moved, [&](branch& b) { right->size += b.size; });
  left->size -= right->size;
  parent->branches()[at] = branch_to(left);
  insert_branch(parent, at + 1, branch_to(right));
}

/// Brings the sizes and first keys on the way up to date after a change of the leaf.
template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::update_sizes(path& way, std::ptrdiff_t change) noexcept {
  for (auto i = way.length; i-- > 0;) {
    auto [n, index] = way[i];
    n->size += static_cast<std::size_t>(change);
    if (index < n->count)
      n->branches()[index] = branch_to(n->branches()[index].child);
  }
}

// -- leaves ---------------------------------------------------------------------------------------------------------------

template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::insert_into(tree_node*& slot, std::size_t at, T&& item) {
  if (!slot) {
    auto* first = nodes::make_leaf(1);
    std::construct_at(first->items(), std::move(item));
    first->count = 1;
    slot = first;
    return;
  }
  auto* old = nodes::as_leaf(slot);
  auto* items = old->items();
  unsigned count = old->count;
  auto shared = old->shared();
  if (!shared && count < old->capacity) {
    // Shifts by one: the last element moves to raw memory, the others into what has been moved from.
    if (at == count) {
      std::construct_at(items + count, std::move(item));
    } else {
      std::construct_at(items + count, std::move(items[count - 1]));
      std::move_backward(items + at, items + count - 1, items + count);
      items[at] = std::move(item);
    }
    ++old->count;
    return;
  }
  if (shared) {
    slot = copy_with(items, count, at, nodes::make_leaf(count + 1), std::move(item));
  } else {
    // Whoever adds to a leaf of his own is likely to add more.
    auto* grown = nodes::make_leaf(std::min(count * 2, max_count));
    std::uninitialized_move_n(items, at, grown->items());
    std::construct_at(grown->items() + at, std::move(item));
    std::uninitialized_move(items + at, items + count, grown->items() + at + 1);
    grown->count = static_cast<std::uint8_t>(count + 1);
    slot = grown;
  }
  nodes::release(old);
}

/// Fills an empty leaf with copies of elements and one more among them.
template <class T, class KeyOf>
tree_node* ordered_tree<T, KeyOf>::copy_with(const T* items, std::size_t count, std::size_t at, leaf* result,
                                             T&& item) noexcept {
  std::uninitialized_copy_n(items, at, result->items());
  std::construct_at(result->items() + at, std::move(item));
  std::uninitialized_copy_n(items + at, count - at, result->items() + at + 1);
  result->count = static_cast<std::uint8_t>(count + 1);
  return result;
}

/// Adds to a full leaf by making two of it; returns the new one on the right.
template <class T, class KeyOf>
tree_node* ordered_tree<T, KeyOf>::split_leaf(tree_node*& slot, std::size_t at, bool at_right_edge, T&& item) {
  tree_node* right = nullptr;
  if (at_right_edge) {
    insert_into(right, 0, std::move(item));
    return right;
  }
  constexpr auto half = max_count / 2;
  auto* upper = nodes::as_leaf(slot)->items() + half;
  auto to_left = at <= half;
  right = to_left ? join_nodes(slot, slot, half, max_count) : nodes::make_leaf(max_count - half + 1);
  tree_node* left = nullptr;
  try {
    left = to_left ? nodes::make_leaf(half + 1) : join_nodes(slot, slot, 0, half);
  } catch (...) {
    nodes::release(right);
    throw;
  }
  if (to_left)
    copy_with(nodes::as_leaf(slot)->items(), half, at, nodes::as_leaf(left), std::move(item));
  else
    copy_with(upper, max_count - half, at - half, nodes::as_leaf(right), std::move(item));
  nodes::release(std::exchange(slot, left));
  return right;
}

template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::erase_from(tree_node*& slot, std::size_t at) {
  auto* old = nodes::as_leaf(slot);
  auto* items = old->items();
  if (!old->shared()) {
    std::move(items + at + 1, items + old->count, items + at);
    std::destroy_at(items + --old->count);
    return;
  }
  auto* rest = nodes::make_leaf(old->count - 1U);
  std::uninitialized_copy_n(items, at, rest->items());
  std::uninitialized_copy(items + at + 1, items + old->count, rest->items() + at);
  rest->count = static_cast<std::uint8_t>(old->count - 1);
  slot = rest;
  nodes::release(old);
}

/// Removes the leaf at the end of the way, which holds one element, and the inner nodes that held nothing else.
template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::drop_leaf(path& way) noexcept {
  update_sizes(way, -1);
  while (way.length > 0) {
    auto [n, index] = way.back();
    nodes::release(n->branches()[index].child);
    erase_branch(n, index);
    if (n->count > 0) {
      // The keys above may have changed with the first branch.
      update_sizes(way, 0);
      return;
    }
    --way.length;
  }
  nodes::release(detach());
}

// -- balance --------------------------------------------------------------------------------------------------------------

/// A node of the elements or branches number `from` to `to` of two neighbours.
template <class T, class KeyOf>
tree_node* ordered_tree<T, KeyOf>::join_nodes(const tree_node* left, const tree_node* right, unsigned from, unsigned to) {
  auto count = to - from;
  auto from_left = std::min<unsigned>(from, left->count);
  auto to_left = std::min<unsigned>(to, left->count);
  auto from_right = from - from_left;
  auto copy = [&](const auto* a, const auto* b, auto* out) {
    out = std::uninitialized_copy(a + from_left, a + to_left, out);
    std::uninitialized_copy_n(b + from_right, count - (to_left - from_left), out);
  };
  if (left->is_leaf()) {
    auto* n = nodes::make_leaf(count);
    copy(nodes::as_leaf(left)->items(), nodes::as_leaf(right)->items(), n->items());
    n->count = static_cast<std::uint8_t>(count);
    return n;
  }
  auto* n = nodes::make_inner(count, left->height);
  copy(nodes::as_inner(left)->branches(), nodes::as_inner(right)->branches(), n->branches());
  n->count = static_cast<std::uint8_t>(count);
  std::for_each_n(n->branches(), count, [&](branch& b) {
    nodes::retain(b.child);
    n->size += b.size;
  });
  return n;
}

/// Merges a child that has become too small with a neighbour or takes from the neighbour.
template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::fix_underflow(inner* parent, unsigned at) {
  auto* all = parent->branches();
  if (all[at].child->count >= min_count || parent->count == 1)
    return;
  auto first = at > 0 ? at - 1 : at;
  auto* left = all[first].child;
  auto* right = all[first + 1].child;
  unsigned total = left->count + right->count;
  auto merge = total <= max_count;
  auto* new_left = join_nodes(left, right, 0, merge ? total : total / 2);
  if (merge) {
    erase_branch(parent, first + 1);
  } else {
    try {
      all[first + 1] = branch_to(join_nodes(left, right, total / 2, total));
    } catch (...) {
      nodes::release(new_left);
      throw;
    }
  }
  all[first] = branch_to(new_left);
  nodes::release(left);
  nodes::release(right);
}

template <class T, class KeyOf>
void ordered_tree<T, KeyOf>::rebalance(path& way) {
  for (auto i = way.length; i-- > 0;)
    if (way[i].index < way[i].node->count)
      fix_underflow(way[i].node, way[i].index);
  while (root_ && !root_->is_leaf() && root_->count == 1) {
    auto* child = nodes::as_inner(root_)->branches()[0].child;
    nodes::retain(child);
    nodes::release(std::exchange(root_, child));
  }
}

} // namespace registry::inline v0_2::internal
