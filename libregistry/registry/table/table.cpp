#include <registry/table/table.hpp>

#include <registry/internal/retire_list.hpp>
#include <registry/table/indexes.hpp>

#include <atomic>

namespace registry {
namespace {

template <class Index>
std::size_t size_of(const internal::tree_node* root) noexcept {
  return root ? internal::borrowed<typename Index::view_type>(root)->size() : 0;
}

/// Makes an index say what a key maps to; returns the root of the view before, which lives until the next collection.
template <class Index>
const internal::tree_node* publish(internal::trie<Index>& index, std::uint64_t hash, const typename Index::key_type& key,
                                   typename Index::view_type view) {
  if (view.empty())
    return index.erase(hash, key);
  return index.assign(hash, key, typename internal::trie<Index>::payload_ptr(internal::tree_access::detach(view)));
}

} // namespace

struct table::state {
  internal::retire_list retired;
  // Readers use these two; what follows changes with every write.
  alignas(128) internal::trie<internal::key_index> by_key{retired};
  internal::trie<internal::member_index> by_member{retired};
  alignas(128) std::atomic<std::size_t> entries{0};
  std::atomic<std::size_t> keys{0};
};

table::table() : state_(std::make_unique<state>()) {}

table::~table() = default;

group table::find(const value& key) const noexcept {
  return internal::tree_access::adopt<group>(state_->by_key.find(key.hash(), key));
}

group table::find_text(std::string_view key) const noexcept {
  return internal::tree_access::adopt<group>(state_->by_key.find(value::hash_of(key), key));
}

holdings table::held_by(const member& who) const noexcept {
  return internal::tree_access::adopt<holdings>(state_->by_member.find(hash_member(who), who));
}

value table::key_of(std::uint64_t hash, std::uint64_t position) const noexcept {
  value out;
  state_->by_key.for_each_of_hash(hash, [&](const value& key, const internal::tree_node* root) {
    if (internal::borrowed<group>(root)->at_position(position) != nullptr)
      out = key;
  });
  return out;
}

std::size_t table::size() const noexcept {
  return state_->entries.load(std::memory_order_acquire);
}

std::size_t table::key_count() const noexcept {
  return state_->keys.load(std::memory_order_acquire);
}

void table::assign(const value& key, group entries) {
  auto added = entries.size();
  const auto* previous = publish(state_->by_key, key.hash(), key, std::move(entries));
  // Only the writer changes the counters, so they need no atomic addition.
  state_->entries.store(size() + added - size_of<internal::key_index>(previous), std::memory_order_release);
  state_->keys.store(key_count() + (added ? 1 : 0) - (previous ? 1 : 0), std::memory_order_release);
}

void table::assign(const member& who, holdings held) {
  publish(state_->by_member, hash_member(who), who, std::move(held));
}

void table::edit(std::span<const std::uint64_t> hashes, const change_of_group& change) noexcept {
  auto entries = size();
  auto keys = key_count();
  state_->by_key.edit(hashes, [&](const std::uint64_t& hash, const value& key, const internal::tree_node* root) {
    const internal::borrowed<group> before(root);
    auto after = change(static_cast<std::size_t>(&hash - hashes.data()), key, *before);
    entries += after.size() - before->size();
    keys -= after.empty() ? 1 : 0;
    return internal::trie<internal::key_index>::payload_ptr(internal::tree_access::detach(after));
  });
  state_->entries.store(entries, std::memory_order_release);
  state_->keys.store(keys, std::memory_order_release);
}

std::uint64_t table::index_order(std::uint64_t hash) noexcept {
  return internal::trie<internal::key_index>::order_of(hash);
}

table_snapshot table::snapshot() {
  return {state_->by_key.snapshot(), size(), key_count()};
}

garbage table::collect() noexcept {
  return state_->retired.collect();
}

garbage table::collect_now() noexcept {
  return state_->retired.collect_now();
}

std::size_t table::uncollected() const noexcept {
  return state_->retired.pending();
}

} // namespace registry
