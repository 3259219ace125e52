#include <registry/table/table.hpp>

#include <registry/error/internal/out_of_memory.hpp>
#include <registry/internal/member_index.hpp>
#include <registry/internal/retire_list.hpp>
#include <registry/table/internal/key_index.hpp>

#include <algorithm>
#include <atomic>
#include <iterator>

namespace registry::inline v0_2 {

using internal::member_entry_reader;

struct table::state {
  internal::retire_list retired;
  // Readers use these two; the members below change with every write.
  alignas(128) internal::trie<internal::key_index> by_key{retired};
  internal::member_index by_member{retired};
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

std::vector<member_entry> table::held_by(const member& who) const {
  return state_->by_member.read(who, [](member_entry_reader held) { return held.all(); });
}

some_member_entries table::some_held_by(const member& who, const member_entry_order& from, const step_size& size) const {
  return state_->by_member.read(who, [&](member_entry_reader held) { return held.some(from, size); });
}

std::size_t table::count_held_by(const member& who, std::size_t limit) const noexcept {
  return state_->by_member.read(who, [&](member_entry_reader held) { return held.size(limit); });
}

std::uint64_t table::newest_held_by(const member& who) const noexcept {
  return state_->by_member.read(who, [](member_entry_reader held) { return held.newest(); });
}

bool table::holds_any(const member& who) const noexcept {
  return state_->by_member.read(who, [](member_entry_reader) { return true; });
}

std::vector<value> table::keys_of(const member& who) const {
  return state_->by_member.read(who, [](member_entry_reader held) { return held.keys(); });
}

std::vector<std::uint64_t> table::positions_of(const member& who, const value& key) const {
  return state_->by_member.read(who, [&](member_entry_reader held) { return held.positions(key); });
}

std::vector<entry> table::entries_of(const member& who, const value& key) const {
  constexpr int attempts = 8;
  std::vector<entry> out;
  auto entries = find(key);
  for (int i = 0; i < attempts; ++i) {
    const auto positions = positions_of(who, key);
    auto after = find(key);
    if (internal::tree_access::root(after) != internal::tree_access::root(entries)) {
      entries = std::move(after);
      continue;
    }
    // All of these entries were held while they were the entries of the key; other held entries are not among them.
    out.reserve(positions.size());
    for (const auto position : positions)
      if (const auto* one = entries.at_position(position))
        out.push_back(*one);
    return out;
  }
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(out),
               [&](const entry& x) { return same_member(x.who, who); });
  return out;
}

std::optional<std::uint64_t> table::last_position_of(const member& who, const value& key) const noexcept {
  return state_->by_member.read(who, [&](member_entry_reader held) { return held.last_position(key); });
}

value table::key_of(std::uint64_t hash, std::uint64_t position) const noexcept {
  value out;
  state_->by_key.for_each_of_hash(hash, [&](const value& key, const internal::tree_node* root) {
    if (internal::borrowed_group(root)->at_position(position) != nullptr)
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
  using key_trie = internal::trie<internal::key_index>;
  auto& by_key = state_->by_key;
  const auto added = entries.size();
  // The previous payload lives until the next collection.
  const auto* previous = added == 0
                             ? by_key.erase(key.hash(), key)
                             : by_key.assign(key.hash(), key, key_trie::payload_ptr(internal::tree_access::detach(entries)));
  const auto removed = previous ? internal::borrowed_group(previous)->size() : 0;
  // Only the writer changes the counters, so they need no atomic addition.
  state_->entries.store(size() + added - removed, std::memory_order_release);
  state_->keys.store(key_count() + (added ? 1 : 0) - (previous ? 1 : 0), std::memory_order_release);
}

bool table::add_member_entry(const member& who, const value& key, std::uint64_t position) {
  return state_->by_member.add(who, key, position);
}

bool table::remove_member_entry(const member& who, const value& key, std::uint64_t position) {
  return state_->by_member.remove(who, key, position);
}

void table::remove_first_member_entries(const member& who, std::span<const member_entry> first) {
  state_->by_member.remove_first(who, first);
}

void table::remove_member_entries(const member& who) {
  state_->by_member.remove(who);
}

void table::clear() {
  state_->by_key.clear();
  state_->entries.store(0, std::memory_order_release);
  state_->keys.store(0, std::memory_order_release);
  state_->by_member.clear();
}

void table::renew(const member& who) {
  state_->by_member.renew(who);
}

void table::edit(std::span<const std::uint64_t> hashes, const change_of_group& change) noexcept {
  auto entries = size();
  auto keys = key_count();
  const auto edit_one = [&](const std::uint64_t& hash, const value& key, const internal::tree_node* root) {
    const internal::borrowed_group before(root);
    auto after = change(static_cast<std::size_t>(&hash - hashes.data()), key, *before);
    entries += after.size() - before->size();
    keys -= after.empty() ? 1 : 0;
    return internal::trie<internal::key_index>::payload_ptr(internal::tree_access::detach(after));
  };
  without_failing("the entries of many keys change", [&] { state_->by_key.edit(hashes, edit_one); });
  state_->entries.store(entries, std::memory_order_release);
  state_->keys.store(keys, std::memory_order_release);
}

std::uint64_t table::index_order(std::uint64_t hash) noexcept {
  return internal::trie<internal::key_index>::order_of(hash);
}

void table::retire(group entries) {
  state_->retired.reserve(1);
  state_->retired.retire(internal::tree_access::detach(entries), [](void* root) noexcept {
    internal::key_index::release(static_cast<internal::key_index::payload_type*>(root));
  });
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

void table::reclaim() noexcept {
  state_->retired.reclaim();
}

std::size_t table::uncollected() const noexcept {
  return state_->retired.pending();
}

} // namespace registry::inline v0_2
