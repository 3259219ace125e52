#include <registry/table/group.hpp>

#include <registry/internal/ordered_tree.hpp>
#include <registry/internal/step_count.hpp>
#include <registry/internal/tree_access.hpp>

namespace registry::inline v0_2 {
namespace {

struct position_of {
  std::uint64_t operator()(const entry& x) const noexcept { return x.position; }
};

using tree = internal::ordered_tree<entry, position_of>;
using nodes = tree::nodes;

std::optional<std::size_t> rank_of(const internal::tree_node* root, std::uint64_t position) noexcept {
  if (!root)
    return std::nullopt;
  auto rank = nodes::rank_of(root, position);
  if (rank == nodes::size_of(root) || nodes::run_at(root, rank).at->position != position)
    return std::nullopt;
  return rank;
}

} // namespace

static_assert(sizeof(group) == sizeof(void*));

group::group(const group& other) noexcept : root_(other.root_) {
  if (root_)
    nodes::retain(root_);
}

void group::release() noexcept {
  nodes::release(root_);
}

std::size_t group::size() const noexcept {
  return root_ ? nodes::size_of(root_) : 0;
}

const entry& group::operator[](std::size_t i) const noexcept {
  internal::count_step();
  return *nodes::run_at(root_, i).at;
}

const entry* group::at_position(std::uint64_t position) const noexcept {
  internal::count_step();
  auto rank = rank_of(root_, position);
  return rank ? nodes::run_at(root_, *rank).at : nullptr;
}

group::iterator group::from(std::uint64_t position) const noexcept {
  return root_ ? run_from(root_, nodes::rank_of(root_, position)) : end();
}

void group::prefetch() const noexcept {
  if (root_ && root_->is_leaf())
    nodes::as_leaf(root_)->items()->data.prefetch();
}

group::iterator group::run_from(const internal::tree_node* root, std::size_t rank) noexcept {
  internal::count_step();
  if (!root || rank == nodes::size_of(root))
    return {};
  auto [at, end] = nodes::run_at(root, rank);
  return {root, rank, at, end};
}

group group::with(entry added) const& {
  return group(*this).with(std::move(added));
}

group group::with(entry added) && {
  {
    internal::tree_lease<tree, group> lease(*this);
    auto& all = lease.tree();
    auto at_end = all.size() == 0 || all[all.size() - 1].position < added.position;
    auto rank = at_end ? all.size() : all.rank_of(added.position);
    assert(at_end || all[rank].position != added.position);
    all.insert(rank, std::move(added));
  }
  return std::move(*this);
}

group group::without(std::uint64_t position) const& {
  return group(*this).without(position);
}

group group::without(std::uint64_t position) && {
  if (auto rank = rank_of(root_, position)) {
    internal::tree_lease<tree, group> lease(*this);
    lease.tree().erase(*rank);
  }
  return std::move(*this);
}

group group::replaced(entry changed) const& {
  return group(*this).replaced(std::move(changed));
}

group group::replaced(entry changed) && {
  if (auto rank = rank_of(root_, changed.position)) {
    internal::tree_lease<tree, group> lease(*this);
    lease.tree().replace(*rank, std::move(changed));
  }
  return std::move(*this);
}

} // namespace registry::inline v0_2
