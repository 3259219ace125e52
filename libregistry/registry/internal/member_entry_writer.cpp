#include <registry/internal/member_entry_writer.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace registry::inline v0_2::internal {
namespace {

/// The nodes a change replaces: those on its path, one neighbour of each, and the leaf.
constexpr std::size_t max_retirements = member_entry_replacement::max_replaced + 1;
static_assert(max_retirements <= retire_list::max_reservation);

/// Memory for the present rows and some more.
constexpr std::size_t capacity_for(std::size_t rows) {
  return std::min<std::size_t>((rows + rows / 4 + 1) & ~std::size_t{1}, member_entry_leaf::max_rows);
}

std::uint64_t bound_of(const member_entry_inner* n) noexcept {
  return n->bound.load(std::memory_order_relaxed);
}

/// The orders of the rows of a full leaf and of one new row.
using split_orders = std::array<member_entry_order, member_entry_leaf::max_rows + 1>;

/// The point that splits them in half.
member_entry_order middle_of(split_orders all) noexcept {
  const auto middle = all.begin() + all.size() / 2;
  std::nth_element(all.begin(), middle, all.end());
  // If all rows of a hash are on one side, the order says so.
  const auto before = std::max_element(all.begin(), middle);
  return before->hash == middle->hash ? *middle : member_entry_order{middle->hash, 0};
}

} // namespace

void destroy_member_entries(member_entry_node* root) noexcept {
  if (is_single(root))
    return;
  if (root->is_leaf()) {
    auto rows = as_leaf(root)->rows();
    std::destroy_n(as_leaf(root)->memory(), rows.size());
  } else {
    for (auto& b : as_inner(root)->branches())
      destroy_member_entries(child_of(b));
  }
  ::operator delete(root);
}

member_entry_node* member_entry_writer::make(const value& first_key, std::uint64_t first_position, const value& key,
                                             std::uint64_t position) {
  auto* leaf = make_holding_leaf(2);
  auto* rows = leaf->memory();
  take_over(&rows[0].key, first_key);
  rows[0].position = first_position;
  std::construct_at(rows + 1, key, position);
  leaf->count.store(2, std::memory_order_relaxed);
  return leaf;
}

bool member_entry_writer::holds_one(const member_entry_node* root) noexcept {
  if (is_single(root))
    return true;
  while (!root->is_leaf() && as_inner(root)->branches().size() == 1)
    root = child_of(as_inner(root)->branches()[0]);
  return root->is_leaf() && as_leaf(root)->rows().size() == 1;
}

void member_entry_writer::retire_shell(void* memory) noexcept {
  retired_.retire_memory(memory);
}

void member_entry_writer::retire_leaf(member_entry_leaf* n, std::size_t dropped) noexcept {
  n->dropped = static_cast<std::uint8_t>(dropped);
  retired_.retire(n, [](void* p) noexcept {
    auto* shell = static_cast<member_entry_leaf*>(p);
    std::destroy_at(shell->memory() + shell->dropped);
    ::operator delete(p);
  });
}

// -- adding ---------------------------------------------------------------------------------------------------------------

void member_entry_writer::add(const value& key, std::uint64_t position) {
  retired_.reserve(max_retirements);
  auto* root = root_.load(std::memory_order_relaxed);
  if (root->is_leaf()) {
    if (append(root_, key, position))
      return;
    raise_root();
  }
  add_to_tree(key, position);
}

/// Adds to a leaf, in place or in a larger copy, unless it is full.
bool member_entry_writer::append(slot& at, const value& key, std::uint64_t position) {
  auto* leaf = as_leaf(at.load(std::memory_order_relaxed));
  const auto rows = leaf->rows();
  if (rows.size() < leaf->capacity) {
    push_back(*leaf, key, position);
    return true;
  }
  if (rows.size() == member_entry_leaf::max_rows)
    return false;
  auto* larger = make_holding_leaf(capacity_for(rows.size() + 1));
  for (const auto& x : rows)
    push_back(*larger, x);
  push_back(*larger, key, position);
  publish(at, larger);
  retire_shell(leaf);
  return true;
}

/// Full inner nodes on the path are split before they are entered, so that each has room when a node below it is split.
/// These steps leave the content as it is, so completed ones do no harm if memory for the next one runs out.
void member_entry_writer::add_to_tree(const value& key, std::uint64_t position) {
  const member_entry_order wanted{key.hash(), position};
  if (root_.load(std::memory_order_relaxed)->count.load(std::memory_order_relaxed) == member_entry_inner::max_branches)
    raise_root();
  for (auto* at = &root_;;) {
    auto* n = as_inner(at->load(std::memory_order_relaxed));
    auto index = n->index_of(wanted);
    auto& below = n->branches()[index].child;
    auto* child = below.load(std::memory_order_relaxed);
    if (child->is_leaf()) {
      if (!append(below, key, position))
        split_leaf(*at, index, key, position);
      break;
    }
    if (child->count.load(std::memory_order_relaxed) == member_entry_inner::max_branches) {
      n = split_inner(*at, index);
      index = n->index_of(wanted);
    }
    at = &n->branches()[index].child;
  }
  auto* root = as_inner(root_.load(std::memory_order_relaxed));
  assert(bound_of(root) < position);
  root->bound.store(position, std::memory_order_release);
}

/// Puts an inner node with one branch above a full root.
void member_entry_writer::raise_root() {
  auto* old = root_.load(std::memory_order_relaxed);
  const auto bound = old->is_leaf() ? as_leaf(old)->rows().back().position : bound_of(as_inner(old));
  branch_list all;
  all.insert(0, {{}, old});
  publish(root_, all.make(old->height + 1U, bound).release());
}

/// Splits a full child; the parent has room. Returns the new parent.
member_entry_inner* member_entry_writer::split_inner(slot& parent, std::size_t index) {
  auto* n = as_inner(parent.load(std::memory_order_relaxed));
  branch_list all(n->branches());
  auto* child = as_inner(all[index].child);
  const auto branches = child->branches();
  constexpr auto half = member_entry_inner::max_branches / 2;
  auto left = branch_list(branches.first(half)).make(child->height, 0);
  auto right = branch_list(branches.subspan(half)).make(child->height, 0);
  all[index].child = left.get();
  all.insert(index + 1, {branches[half].first, right.get()});
  auto* result = all.make(n->height, bound_of(n)).release();
  static_cast<void>(left.release());
  static_cast<void>(right.release());
  publish(parent, result);
  retire_shell(n);
  retire_shell(child);
  return result;
}

/// Adds to a full leaf by splitting it in two; the parent has room.
void member_entry_writer::split_leaf(slot& parent, std::size_t index, const value& key, std::uint64_t position) {
  auto* n = as_inner(parent.load(std::memory_order_relaxed));
  branch_list all(n->branches());
  auto* leaf = as_leaf(all[index].child);
  const auto rows = leaf->rows();
  split_orders orders;
  *std::transform(rows.begin(), rows.end(), orders.begin(), order_of) = {key.hash(), position};
  const auto middle = middle_of(orders);
  constexpr auto larger_half = member_entry_leaf::max_rows / 2 + 1;
  fresh_node<member_entry_leaf> left(make_holding_leaf(capacity_for(larger_half)));
  fresh_node<member_entry_leaf> right(make_holding_leaf(capacity_for(larger_half)));
  all[index].child = left.get();
  all.insert(index + 1, {middle, right.get()});
  auto* result = all.make(n->height, bound_of(n)).release();
  const auto half_of = [&](std::size_t i) -> member_entry_leaf& { return orders[i] < middle ? *left : *right; };
  for (std::size_t i = 0; i < rows.size(); ++i)
    push_back(half_of(i), rows[i]);
  push_back(half_of(rows.size()), key, position);
  static_cast<void>(left.release());
  static_cast<void>(right.release());
  publish(parent, result);
  retire_shell(n);
  retire_shell(leaf);
}

// -- removing -------------------------------------------------------------------------------------------------------------

bool member_entry_writer::remove(const value& key, std::uint64_t position) {
  auto* n = root_.load(std::memory_order_relaxed);
  assert(!holds_one(n));
  const member_entry_order wanted{key.hash(), position};
  std::array<holding_step, member_entry_replacement::max_height> way;
  std::size_t height = 0;
  while (!n->is_leaf()) {
    const auto index = as_inner(n)->index_of(wanted);
    way[height++] = {as_inner(n), index};
    n = child_of(as_inner(n)->branches()[index]);
  }
  const auto rows = as_leaf(n)->rows();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const member_entry& x) { return x.position == position; });
  if (found == rows.end() || !identical(found->key, key))
    return false;
  retired_.reserve(max_retirements);
  const auto row = static_cast<std::size_t>(found - rows.begin());
  if (height == 0)
    remove_from_leaf(as_leaf(n), row);
  else
    remove_from_tree({way.data(), height}, as_leaf(n), row);
  return true;
}

void member_entry_writer::remove_from_leaf(member_entry_leaf* root, std::size_t row) {
  const auto rows = root->rows();
  auto* rest = make_holding_leaf(rows.size() - 1);
  for (const auto& x : rows)
    if (&x != &rows[row])
      push_back(*rest, x);
  publish(root_, rest);
  retire_leaf(root, row);
}

/// Replaces the nodes on the path, from the leaf to the root.
void member_entry_writer::remove_from_tree(std::span<const holding_step> way, member_entry_leaf* leaf, std::size_t row) {
  member_entry_replacement change;
  auto branches = change.without_row(way.back(), row);
  replace_way(way, change, branches);
  retire_leaf(leaf, row);
}

std::size_t member_entry_writer::remove_first_leaf(std::size_t most) {
  auto* n = root_.load(std::memory_order_relaxed);
  if (is_single(n))
    return 0;
  std::array<holding_step, member_entry_replacement::max_height> way;
  std::size_t height = 0;
  bool has_others = false;
  while (!n->is_leaf()) {
    const auto branches = as_inner(n)->branches();
    has_others = has_others || branches.size() > 1;
    way[height++] = {as_inner(n), 0};
    n = child_of(branches[0]);
  }
  auto* const leaf = as_leaf(n);
  const auto count = leaf->rows().size();
  if (!has_others || count > most)
    return 0;
  retired_.reserve(max_retirements);
  member_entry_replacement change;
  replace_way({way.data(), height}, change, member_entry_replacement::without_leaf(way[height - 1]));
  retired_.retire(leaf, [](void* p) noexcept { destroy_member_entries(static_cast<member_entry_leaf*>(p)); });
  return count;
}

/// Publishes a root in which the nodes on a path are replaced, the lowest by one with these branches.
void member_entry_writer::replace_way(std::span<const holding_step> way, member_entry_replacement& change,
                                      branch_list branches) {
  for (auto level = way.size() - 1; level-- > 0;)
    branches = change.with_child(way[level], branches);
  auto* const old = way.front().node;
  const auto bound = bound_of(old);
  // A root with one branch is unnecessary.
  auto* const root = branches.size() == 1 ? branches[0].child : change.keep(branches.make(old->height, bound));
  if (!root->is_leaf())
    as_inner(root)->bound.store(bound, std::memory_order_relaxed);
  publish(root_, root);
  retire_shell(old);
  for (auto* n : change.commit())
    retire_shell(n);
}

} // namespace registry::inline v0_2::internal
