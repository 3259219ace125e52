#include <registry/internal/member_index.hpp>

namespace registry::inline v0_2::internal {

bool member_index::add(const member& who, const value& key, std::uint64_t position) {
  const auto hash = keyed_hash(who);
  if (auto* root = entries_.slot_of(hash, who)) {
    member_entry_writer(*root, retired_).add(key, position);
    return false;
  }
  entries_.assign(hash, who, trie<member_traits>::payload_ptr(member_entry_writer::make(key, position)));
  return true;
}

bool member_index::remove(const member& who, const value& key, std::uint64_t position) {
  const auto hash = keyed_hash(who);
  auto* root = entries_.slot_of(hash, who);
  if (!root)
    return false;
  auto* now = root->load(std::memory_order_relaxed);
  if (!member_entry_writer::holds_one(now)) {
    member_entry_writer(*root, retired_).remove(key, position);
    return false;
  }
  if (member_entry_reader(now).last_position(key) != position)
    return false;
  entries_.erase(hash, who);
  return true;
}

void member_index::remove_first(const member& who, std::span<const member_entry> first) {
  auto* root = entries_.slot_of(keyed_hash(who), who);
  assert(root != nullptr);
  for (member_entry_writer writer(*root, retired_); !first.empty();) {
    if (const auto removed = writer.remove_first_leaf(first.size()); removed > 0) {
      first = first.subspan(removed);
    } else {
      writer.remove(first.front().key, first.front().position);
      first = first.subspan(1);
    }
  }
}

} // namespace registry::inline v0_2::internal
