#include <registry/internal/member_index.hpp>

namespace registry::internal {

bool member_index::add(const member& who, const value& key, std::uint64_t position) {
  const auto hash = keyed_hash(who);
  if (auto* root = holdings_.slot_of(hash, who)) {
    holding_writer(*root, retired_).add(key, position);
    return false;
  }
  holdings_.assign(hash, who, trie<member_traits>::payload_ptr(holding_writer::make(key, position)));
  return true;
}

bool member_index::remove(const member& who, const value& key, std::uint64_t position) {
  const auto hash = keyed_hash(who);
  auto* root = holdings_.slot_of(hash, who);
  if (!root)
    return false;
  auto* now = root->load(std::memory_order_relaxed);
  if (!holding_writer::holds_one(now)) {
    holding_writer(*root, retired_).remove(key, position);
    return false;
  }
  if (holding_reader(now).last_position(key) != position)
    return false;
  holdings_.erase(hash, who);
  return true;
}

void member_index::remove_first(const member& who, std::span<const holding> first) {
  auto* root = holdings_.slot_of(keyed_hash(who), who);
  assert(root != nullptr);
  for (holding_writer writer(*root, retired_); !first.empty();) {
    if (const auto removed = writer.remove_first_leaf(first.size()); removed > 0) {
      first = first.subspan(removed);
    } else {
      writer.remove(first.front().key, first.front().position);
      first = first.subspan(1);
    }
  }
}

} // namespace registry::internal
