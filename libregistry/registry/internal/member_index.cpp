#include <registry/internal/member_index.hpp>

#include <algorithm>

namespace registry::inline v0_2::internal {

bool member_index::add(const member& who, const value& key, std::uint64_t position) {
  const auto hash = keyed_hash(who);
  auto* row = entries_.row_of(hash, who);
  if (!row) {
    entries_.assign(hash, member_row::first_entry{who, key}, trie<member_traits>::payload_ptr(mark_single(position)));
    return true;
  }
  const auto* now = row->payload.load(std::memory_order_relaxed);
  if (is_single(now)) {
    auto* both = member_entry_writer::make(row->key.only_key, single_position(now), key, position);
    row->payload.store(both, std::memory_order_release);
  } else {
    member_entry_writer(row->payload, retired_).add(key, position);
  }
  return false;
}

bool member_index::remove(const member& who, const value& key, std::uint64_t position) {
  const auto hash = keyed_hash(who);
  auto* row = entries_.row_of(hash, who);
  if (!row)
    return false;
  auto* now = row->payload.load(std::memory_order_relaxed);
  if (member_entry_writer::holds_one(now)) {
    if (member_entry_reader(now, row->key.only_key).last_position(key) != position)
      return false;
    entries_.erase(hash, who);
    return true;
  }
  member_entry_writer writer(row->payload, retired_);
  if (!now->is_leaf() || as_leaf(now)->rows().size() > 2) {
    writer.remove(key, position);
    return false;
  }
  const auto rows = as_leaf(now)->rows();
  const auto gone = std::find_if(rows.begin(), rows.end(), [&](const member_entry& x) { return x.position == position; });
  if (gone != rows.end() && identical(gone->key, key))
    keep_one(who, writer, as_leaf(now), gone == rows.begin() ? 1 : 0);
  return false;
}

/// Makes one of two entries a single one.
void member_index::keep_one(const member& who, member_entry_writer& writer, member_entry_leaf* both, std::size_t kept) {
  const auto& one = both->rows()[kept];
  entries_.rewrite(keyed_hash(who), who, [&](auto& row) {
    take_over(&row.key.only_key, one.key);
    row.payload.store(mark_single(one.position), std::memory_order_relaxed);
  });
  static_assert(trie<member_traits>::max_later > 0);
  writer.retire_leaf(both, 1 - kept);
}

void member_index::remove_first(const member& who, std::span<const member_entry> first) {
  while (!first.empty()) {
    auto* row = entries_.row_of(keyed_hash(who), who);
    assert(row != nullptr);
    if (const auto removed = member_entry_writer(row->payload, retired_).remove_first_leaf(first.size()); removed > 0) {
      first = first.subspan(removed);
    } else {
      remove(who, first.front().key, first.front().position);
      first = first.subspan(1);
    }
  }
}

} // namespace registry::inline v0_2::internal
