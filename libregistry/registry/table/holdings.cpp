#include <registry/table/holdings.hpp>

#include <registry/internal/ordered_tree.hpp>
#include <registry/internal/tree_access.hpp>

#include <algorithm>
#include <compare>

namespace registry {
namespace {

struct holding_order {
  std::uint64_t hash;
  std::uint64_t position;
  friend auto operator<=>(const holding_order&, const holding_order&) = default;
};

struct order_of {
  holding_order operator()(const hashed_holding& x) const noexcept { return {x.hash, x.position}; }
};

using tree = internal::ordered_tree<hashed_holding, order_of>;
using nodes = tree::nodes;

/// Where a holding is, or the size. Several keys may have one hash.
std::size_t rank_of(const internal::tree_node* root, const value& key, std::uint64_t position) noexcept {
  if (!root)
    return 0;
  auto size = nodes::size_of(root);
  const holding_order order{key.hash(), position};
  for (auto rank = nodes::rank_of(root, order); rank < size; ++rank) {
    const auto& found = *nodes::run_at(root, rank).at;
    if (order_of{}(found) != order)
      break;
    if (identical(found.key, key))
      return rank;
  }
  return size;
}

/// Calls `visit` with each holding of a hash in ascending order of positions.
template <class Visitor>
void for_each_of_hash(const internal::tree_node* root, std::uint64_t hash, Visitor visit) {
  if (!root)
    return;
  auto size = nodes::size_of(root);
  for (auto rank = nodes::rank_of(root, {hash, 0}); rank < size;) {
    auto [at, end] = nodes::run_at(root, rank);
    rank += static_cast<std::size_t>(end - at);
    for (; at != end; ++at) {
      if (at->hash != hash)
        return;
      visit(*at);
    }
  }
}

} // namespace

static_assert(sizeof(holdings) == sizeof(void*));

holdings::holdings(const holdings& other) noexcept : root_(other.root_) {
  if (root_)
    nodes::retain(root_);
}

void holdings::release() noexcept {
  nodes::release(root_);
}

std::size_t holdings::size() const noexcept {
  return root_ ? nodes::size_of(root_) : 0;
}

holdings::iterator holdings::run_from(const internal::tree_node* root, std::size_t rank) noexcept {
  if (!root || rank == nodes::size_of(root))
    return {};
  auto [at, end] = nodes::run_at(root, rank);
  return {root, rank, at, end};
}

std::vector<std::uint64_t> holdings::positions(const value& key) const {
  std::vector<std::uint64_t> result;
  for_each_of_hash(root_, key.hash(), [&](const holding& x) {
    if (identical(x.key, key))
      result.push_back(x.position);
  });
  return result;
}

std::optional<std::uint64_t> holdings::last_position(const value& key) const noexcept {
  auto hash = key.hash();
  // Backwards from the first holding of a greater hash; other keys of the same hash are hardly ever in between.
  auto rank = !root_ ? 0 : hash == UINT64_MAX ? size() : nodes::rank_of(root_, {hash + 1, 0});
  while (rank-- > 0) {
    const auto& x = *nodes::run_at(root_, rank).at;
    if (x.hash != hash)
      break;
    if (identical(x.key, key))
      return x.position;
  }
  return std::nullopt;
}

std::vector<value> holdings::keys() const {
  std::vector<value> result;
  std::size_t first_of_hash = 0;
  std::uint64_t hash = 0;
  for (auto it = begin(); it != end(); ++it) {
    const auto& x = static_cast<const hashed_holding&>(*it);
    if (x.hash != std::exchange(hash, x.hash))
      first_of_hash = result.size();
    auto same_hash = result.begin() + static_cast<std::ptrdiff_t>(first_of_hash);
    if (std::none_of(same_hash, result.end(), [&](const value& key) { return identical(key, x.key); }))
      result.push_back(x.key);
  }
  return result;
}

holdings holdings::with(holding added) const& {
  return holdings(*this).with(std::move(added));
}

holdings holdings::with(holding added) && {
  auto hash = added.key.hash();
  {
    internal::tree_lease<tree, holdings> lease(*this);
    auto rank = lease.tree().rank_of({hash, added.position});
    lease.tree().insert(rank, {{std::move(added.key), added.position}, hash});
  }
  return std::move(*this);
}

holdings holdings::without(const value& key, std::uint64_t position) const& {
  return holdings(*this).without(key, position);
}

holdings holdings::without(const value& key, std::uint64_t position) && {
  if (auto rank = rank_of(root_, key, position); rank < size()) {
    internal::tree_lease<tree, holdings> lease(*this);
    lease.tree().erase(rank);
  }
  return std::move(*this);
}

} // namespace registry
