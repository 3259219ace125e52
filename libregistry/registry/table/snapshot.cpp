#include <registry/table/snapshot.hpp>

#include <registry/internal/deferral.hpp>
#include <registry/internal/trie_visit.hpp>
#include <registry/table/internal/key_index.hpp>

namespace registry::inline v0_2 {
namespace {

using index_nodes = internal::trie_nodes<internal::key_index>;

index_nodes::inner* root_of(void* root) noexcept {
  return static_cast<index_nodes::inner*>(root);
}

template <class Key>
group find_in(void* root, std::uint64_t hash, const Key& key) noexcept {
  auto* row = root ? index_nodes::find(root_of(root), hash, key) : nullptr;
  return row ? *internal::borrowed_group(row->payload.load(std::memory_order_relaxed)) : group();
}

} // namespace

table_snapshot::table_snapshot(const table_snapshot& other) noexcept
    : root_(other.root_), size_(other.size_), key_count_(other.key_count_) {
  if (root_)
    index_nodes::retain(root_of(root_));
}

void table_snapshot::release() noexcept {
  auto* const root = root_of(root_);
  if (root->references.load(std::memory_order_relaxed) == 1)
    internal::assert_unlocked(); // values and handles may be freed
  index_nodes::release(root);
}

group table_snapshot::find(const value& key) const noexcept {
  return find_in(root_, key.hash(), key);
}

group table_snapshot::find_text(std::string_view key) const noexcept {
  return find_in(root_, value::hash_of(key), key);
}

void table_snapshot::visit_all(callback visit, void* context) const {
  if (!root_)
    return;
  auto visit_row = [&](const value& key, const internal::tree_node* root) {
    visit(context, key, *internal::borrowed_group(root));
  };
  internal::trie_visit<internal::key_index, decltype(visit_row)>(visit_row).run(root_of(root_));
}

void table_snapshot::visit_part(std::size_t part, callback visit, void* context) const {
  static_assert(parts == std::size_t{index_nodes::fan_out} * index_nodes::fan_out);
  if (!root_)
    return;
  // The first two steps of the path belong to the part; a leaf above them has rows of other parts.
  auto visit_row = [&](const value& key, const internal::tree_node* root) {
    if (key.hash() % parts == part)
      visit(context, key, *internal::borrowed_group(root));
  };
  const auto* n = root_of(root_);
  for (unsigned depth = 0; depth < 2; ++depth) {
    const auto c = n->children[index_nodes::index_of(part, depth)].load(std::memory_order_relaxed);
    if (!c)
      return;
    if (c.is_leaf()) {
      for (const auto& r : c.as_leaf()->rows())
        visit_row(r.key, r.payload.load(std::memory_order_relaxed));
      return;
    }
    n = c.as_inner();
  }
  internal::trie_visit<internal::key_index, decltype(visit_row)>(visit_row).run(n);
}

} // namespace registry::inline v0_2
