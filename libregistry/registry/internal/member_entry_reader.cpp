#include <registry/internal/member_entry_reader.hpp>
#include <registry/internal/step_count.hpp>

#include <algorithm>
#include <iterator>
#include <limits>

namespace registry::inline v0_2::internal {
namespace {

const member_entry_node* published_child(const member_entry_branch& b) noexcept {
  return b.child.load(std::memory_order_acquire);
}

/// Calls `visit(rows, continues)` for each leaf; `continues`: keys in it may also be in the leaf before it.
template <class Visitor>
void for_each_leaf(const member_entry_node* n, bool continues, std::uint64_t bound, Visitor& visit) {
  if (n->is_leaf()) {
    visit(as_leaf(n)->rows(bound), continues);
  } else {
    const auto all = as_inner(n)->branches();
    for (std::size_t i = 0; i < all.size(); ++i)
      for_each_leaf(published_child(all[i]), i == 0 ? continues : all[i].first.position != 0, bound, visit);
  }
}

/// Calls `visit(rows)` for the leaf where an order belongs and for those after it, until `visit` returns false.
template <class Visitor>
bool visit_leaves_from(const member_entry_node* n, const member_entry_order& from, std::uint64_t bound, Visitor& visit) {
  count_step();
  if (n->is_leaf())
    return visit(as_leaf(n)->rows(bound));
  const auto all = as_inner(n)->branches();
  for (auto i = as_inner(n)->index_of(from); i < all.size(); ++i) {
    if (!visit_leaves_from(published_child(all[i]), from, bound, visit))
      return false;
  }
  return true;
}

/// Calls `visit(member_entry)` for the entries of a hash, leaf by leaf in ascending order, and possibly for others.
template <class Visitor>
void for_each_near(const member_entry_node* n, std::uint64_t hash, std::uint64_t bound, Visitor& visit) {
  count_step();
  if (n->is_leaf()) {
    for (const auto& x : as_leaf(n)->rows(bound))
      visit(x);
    return;
  }
  const auto all = as_inner(n)->branches();
  for (auto i = as_inner(n)->index_of({hash, 0}); i < all.size() && (i == 0 || all[i].first.hash <= hash); ++i)
    for_each_near(published_child(all[i]), hash, bound, visit);
}

std::optional<std::uint64_t> find_last(const member_entry_node* n, const value& key, std::uint64_t hash,
                                       std::uint64_t bound) noexcept {
  if (n->is_leaf()) {
    const auto rows = as_leaf(n)->rows(bound);
    const auto found =
        std::find_if(rows.rbegin(), rows.rend(), [&](const member_entry& x) { return identical(x.key, key); });
    return found == rows.rend() ? std::nullopt : std::optional{found->position};
  }
  const auto all = as_inner(n)->branches();
  for (auto i = as_inner(n)->index_of({hash, std::numeric_limits<std::uint64_t>::max()});; --i) {
    if (auto found = find_last(published_child(all[i]), key, hash, bound))
      return found;
    const auto& first = all[i].first;
    if (i == 0 || first.hash != hash || first.position == 0)
      return std::nullopt;
  }
}

/// Makes entries of the same key adjacent, without changing their order. Usually all keys differ.
void group_keys(std::vector<member_entry>::iterator at, std::vector<member_entry>::iterator end) {
  while (at != end) {
    auto next = std::next(at);
    for (auto it = next; it != end; ++it) {
      if (identical(it->key, at->key))
        std::rotate(next++, it, std::next(it));
    }
    at = next;
  }
}

} // namespace

member_entry_reader::member_entry_reader(const member_entry_node* root, const value& only_key) noexcept
    : root_(root), only_key_(only_key), bound_(std::numeric_limits<std::uint64_t>::max()) {
  if (!is_single(root) && !root->is_leaf())
    bound_ = as_inner(root)->bound.load(std::memory_order_acquire);
}

std::size_t member_entry_reader::size(std::size_t limit) const noexcept {
  if (is_single(root_))
    return 1;
  std::size_t result = 0;
  auto count = [&](std::span<const member_entry> rows) {
    result += rows.size();
    return result <= limit;
  };
  visit_leaves_from(root_, {}, bound_, count);
  return result;
}

std::uint64_t member_entry_reader::newest() const noexcept {
  if (is_single(root_))
    return single_position(root_);
  if (!root_->is_leaf())
    return bound_;
  const auto rows = as_leaf(root_)->rows();
  return rows.empty() ? 0 : rows.back().position;
}

std::vector<member_entry> member_entry_reader::all() const {
  if (is_single(root_))
    return {only()};
  std::vector<member_entry> result;
  std::size_t run = 0; // the first one whose key may recur
  auto add = [&](std::span<const member_entry> rows, bool continues) {
    if (!continues) {
      group_keys(result.begin() + static_cast<std::ptrdiff_t>(run), result.end());
      run = result.size();
    }
    result.insert(result.end(), rows.begin(), rows.end());
  };
  for_each_leaf(root_, false, bound_, add);
  group_keys(result.begin() + static_cast<std::ptrdiff_t>(run), result.end());
  return result;
}

some_member_entries member_entry_reader::some(const member_entry_order& from, const step_size& size) const {
  some_member_entries result;
  auto& all = result.rows;
  std::size_t run = 0; // the first one with the hash of the last
  const auto cut = [&](std::size_t at) {
    result.next = order_of(all[at]);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(at), all.end());
    return false;
  };
  auto add = [&](std::span<const member_entry> rows) {
    const auto before = all.size();
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(all),
                 [&](const member_entry& x) { return order_of(x) >= from; });
    std::sort(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
              [](const member_entry& a, const member_entry& b) { return order_of(a) < order_of(b); });
    for (auto i = std::max<std::size_t>(before, 1); i < all.size(); ++i) {
      if (!identical(all[i].key, all[i - 1].key) && all[i].key.hash() != all[i - 1].key.hash()) {
        if (i >= size.wanted)
          return cut(i);
        run = i;
      }
      if (i - run == size.of_key)
        return cut(run > 0 ? run : size.of_large_key);
    }
    return true;
  };
  if (is_single(root_)) {
    const auto x = only();
    add(std::span{&x, 1});
  } else {
    visit_leaves_from(root_, from, bound_, add);
  }
  return result;
}

std::vector<value> member_entry_reader::keys() const {
  if (is_single(root_))
    return {only_key_};
  std::vector<value> result;
  std::size_t run = 0; // the first key that may recur
  auto add = [&](std::span<const member_entry> rows, bool continues) {
    if (!continues)
      run = result.size();
    for (const auto& x : rows) {
      const auto known = result.begin() + static_cast<std::ptrdiff_t>(run);
      if (std::none_of(known, result.end(), [&](const value& key) { return identical(key, x.key); }))
        result.push_back(x.key);
    }
  };
  for_each_leaf(root_, false, bound_, add);
  return result;
}

std::vector<std::uint64_t> member_entry_reader::positions(const value& key) const {
  std::vector<std::uint64_t> result;
  auto add = [&](const member_entry& x) {
    if (identical(x.key, key))
      result.push_back(x.position);
  };
  if (is_single(root_)) {
    if (identical(only_key_, key))
      result.push_back(single_position(root_));
    return result;
  }
  for_each_near(root_, key.hash(), bound_, add);
  return result;
}

std::optional<std::uint64_t> member_entry_reader::last_position(const value& key) const noexcept {
  if (is_single(root_))
    return identical(only_key_, key) ? std::optional{single_position(root_)} : std::nullopt;
  return find_last(root_, key, key.hash(), bound_);
}

} // namespace registry::inline v0_2::internal
