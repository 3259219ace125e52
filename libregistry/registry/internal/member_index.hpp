#pragma once

#include <registry/internal/member_entry_reader.hpp>
#include <registry/internal/member_entry_writer.hpp>
#include <registry/internal/trie.hpp>
#include <registry/member/member.hpp>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace registry::inline v0_2::internal {

/// What a row of the index has beside the root of a member's entries: the member, and the key of a single entry, see
/// member_entry_node.hpp. Whether the key is one, the root says, so neither copying nor destroying cares for it.
struct member_row {
  struct first_entry {
    const member& who;
    const value& key;
  };

  member who;
  union {
    value only_key;
  };

  explicit member_row(const first_entry& x) noexcept : who(x.who), only_key(x.key) {}
  member_row(const member_row& other) noexcept : who(other.who) { take_over(&only_key, other.only_key); }
  member_row& operator=(const member_row&) = delete;
  ~member_row() {}
};

/// How a trie holds the entries of a member as its payload. No snapshots are taken of it, so there are no reference counts.
struct member_traits {
  using key_type = member_row;
  using payload_type = member_entry_node;

  static void retain(payload_type*) noexcept { assert(false); }
  static void release(payload_type* p) noexcept { destroy_member_entries(p); }
  static void end_key(member_row& x, const payload_type* root) noexcept {
    if (is_single(root))
      std::destroy_at(&x.only_key);
  }
  static bool equal(const member_row& stored, const member& wanted) noexcept { return same_member(stored.who, wanted); }
  static bool equal(const member_row& stored, const member_row::first_entry& x) noexcept { return equal(stored, x.who); }
  /// After a reconnection a new proxy equals the old one, but the old one must not be kept.
  static bool interchangeable(const member_row& stored, const member& given) noexcept {
    return stored.who.get() == given.get();
  }
  static bool interchangeable(const member_row&, const member_row::first_entry&) noexcept { return false; }
  static void renew(member_row& copy, const member& given) noexcept { std::construct_at(&copy.who, given); }
};

/// The entries of all members. One writer at a time, readers on any thread at any time.
class member_index {
public:
  /// Garbage goes to `retired`, which must outlive the index.
  explicit member_index(retire_list& retired) : entries_(retired), retired_(retired) {}

  /// The result of `query(member_entry_reader)`, or a default if the member has no entries. Any thread; wait-free if the
  /// query is.
  template <class Query>
  auto read(const member& who, Query query) const -> decltype(query(std::declval<member_entry_reader>())) {
    epoch_guard guard;
    if (const auto* row = entries_.peek_row(keyed_hash(who), who))
      return query(member_entry_reader(row->payload.load(std::memory_order_acquire), row->key.only_key));
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
  void renew(const member& who) { entries_.row_of(keyed_hash(who), who); }

private:
  void keep_one(const member& who, member_entry_writer& writer, member_entry_leaf* both, std::size_t kept);

  trie<member_traits> entries_;
  retire_list& retired_;
};

} // namespace registry::inline v0_2::internal
