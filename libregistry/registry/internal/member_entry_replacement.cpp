#include <registry/internal/member_entry_replacement.hpp>

#include <algorithm>

namespace registry::inline v0_2::internal {
namespace {

/// A node with at most this many rows or branches is merged with a neighbour unless the result would be nearly full: so the
/// neighbours of a small node that stays have more.
constexpr std::size_t few = 4;
constexpr std::size_t enough = 12;

/// The neighbour to merge a node of `count` rows or branches with, if it is small enough.
template <class Count>
std::optional<std::size_t> neighbour_to_merge(branch_list& all, std::size_t index, std::size_t count, Count count_of) {
  if (count > few)
    return std::nullopt;
  const auto fits = [&](std::size_t i) { return count_of(all[i].child) + count <= enough; };
  if (index > 0 && fits(index - 1))
    return index - 1;
  if (index + 1 < all.size() && fits(index + 1))
    return index + 1;
  return std::nullopt;
}

} // namespace

branch_list member_entry_replacement::without_row(const holding_step& above, std::size_t row) {
  branch_list all(above.node->branches());
  const auto rows = as_leaf(all[above.index].child)->rows();
  if (rows.size() == 1) {
    all.erase(above.index);
    return all;
  }
  const auto rows_of = [](const member_entry_node* n) { return as_leaf(n)->rows().size(); };
  const auto with = neighbour_to_merge(all, above.index, rows.size() - 1, rows_of);
  const auto others = with ? as_leaf(all[*with].child)->rows() : std::span<const member_entry>{};
  auto* rest = make_holding_leaf(rows.size() - 1 + others.size());
  put(all, above.index, with, keep(fresh_node<member_entry_node>(rest)));
  auto other = others.begin();
  for (const auto& x : rows) {
    for (; other != others.end() && other->position < x.position; ++other)
      push_back(*rest, *other);
    if (&x != &rows[row])
      push_back(*rest, x);
  }
  for (; other != others.end(); ++other)
    push_back(*rest, *other);
  return all;
}

branch_list member_entry_replacement::without_leaf(const holding_step& above) {
  branch_list all(above.node->branches());
  all.erase(above.index);
  return all;
}

branch_list member_entry_replacement::with_child(const holding_step& above, const branch_list& child) {
  branch_list all(above.node->branches());
  const auto* old = as_inner(all[above.index].child);
  replace(all[above.index].child);
  if (child.size() == 0) {
    all.erase(above.index);
    return all;
  }
  const auto branches_of = [](const member_entry_node* n) { return as_inner(n)->branches().size(); };
  const auto with = neighbour_to_merge(all, above.index, child.size(), branches_of);
  branch_list merged;
  const auto append = [&](std::size_t index, const auto& branches) {
    const auto at = merged.size();
    merged.append(branches);
    merged[at].first = all[index].first;
  };
  if (with && *with < above.index)
    append(*with, as_inner(all[*with].child)->branches());
  append(above.index, child);
  if (with && *with > above.index)
    append(*with, as_inner(all[*with].child)->branches());
  put(all, above.index, with, keep(merged.make(old->height, 0)));
  return all;
}

void member_entry_replacement::put(branch_list& all, std::size_t index, std::optional<std::size_t> with,
                                   member_entry_node* n) noexcept {
  if (with) {
    replace(all[*with].child);
    all.erase(std::max(index, *with));
    index = std::min(index, *with);
  }
  all[index].child = n;
}

} // namespace registry::inline v0_2::internal
