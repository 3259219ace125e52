#include <registry/table/snapshot.hpp>

#include <registry/internal/trie_visit.hpp>
#include <registry/table/indexes.hpp>

namespace registry {
namespace {

using nodes = internal::trie_nodes<internal::key_index>;

nodes::inner* root_of(void* root) noexcept {
  return static_cast<nodes::inner*>(root);
}

template <class Key>
group find_in(void* root, std::uint64_t hash, const Key& key) noexcept {
  auto* row = root ? nodes::find(root_of(root), hash, key) : nullptr;
  return row ? *internal::borrowed<group>(row->payload.load(std::memory_order_relaxed)) : group();
}

} // namespace

table_snapshot::table_snapshot(const table_snapshot& other) noexcept
    : root_(other.root_), size_(other.size_), key_count_(other.key_count_) {
  if (root_)
    nodes::retain(root_of(root_));
}

void table_snapshot::release() noexcept {
  nodes::release(root_of(root_));
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
    visit(context, key, *internal::borrowed<group>(root));
  };
  internal::trie_visit<internal::key_index, decltype(visit_row)>(visit_row).run(root_of(root_));
}

} // namespace registry
