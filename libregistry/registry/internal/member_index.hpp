#pragma once

#include <registry/internal/member_entry_reader.hpp>
#include <registry/internal/member_entry_writer.hpp>
#include <registry/internal/trie.hpp>
#include <registry/member/member.hpp>

#include <cassert>
#include <cstdint>

namespace registry::inline v0_2::internal {

/// How a trie holds the entries of a member as its payload. No snapshots are taken of it, so there are no reference counts.
struct member_traits {
  using key_type = member;
  using payload_type = member_entry_node;

  static void retain(payload_type*) noexcept { assert(false); }
  static void release(payload_type* p) noexcept { destroy_member_entries(p); }
  static bool equal(const member& stored, const member& wanted) noexcept { return same_member(stored, wanted); }
  /// After a reconnection a new proxy equals the old one, but the old one must not be kept.
  static bool interchangeable(const member& stored, const member& given) noexcept { return stored.get() == given.get(); }
};

/// The entries of all members. One writer at a time, readers on any thread at any time.
class member_index {
public:
  /// Garbage goes to `retired`, which must outlive the index.
  explicit member_index(retire_list& retired) : entries_(retired), retired_(retired) {}

  /// The result of `query(member_entry_reader)`, or a default if the member has no entries. Any thread; wait-free if the
  /// query is.
  template <class Query>
  auto read(const member& who, Query query) const -> decltype(query(member_entry_reader(nullptr))) {
    epoch_guard guard;
    if (const auto* root = entries_.peek(keyed_hash(who), who))
      return query(member_entry_reader(root));
    return {};
  }

  // -- the writer; a function that throws `std::bad_alloc` leaves the content as it was ----------------------------------
  /// Returns whether this is the member's first entry.
  bool add(const member& who, const value& key, std::uint64_t position);
  /// Returns whether the entry existed and was the member's last.
  bool remove(const member& who, const value& key, std::uint64_t position);
  /// Removes these entries, which must be the first ones in order but not all. O(log n) per leaf.
  void remove_first(const member& who, std::span<const member_entry> first);
  void remove(const member& who) { entries_.erase(keyed_hash(who), who); }
  void clear() { entries_.clear(); }
  /// Replaces a handle with an equal one.
  void renew(const member& who) { entries_.slot_of(keyed_hash(who), who); }

private:
  trie<member_traits> entries_;
  retire_list& retired_;
};

} // namespace registry::inline v0_2::internal
