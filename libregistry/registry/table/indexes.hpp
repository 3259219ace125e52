#pragma once

#include <registry/internal/tree_access.hpp>
#include <registry/internal/trie.hpp>
#include <registry/table/group.hpp>
#include <registry/table/holdings.hpp>

#include <string_view>

namespace registry::internal {

/// What both indexes of a table have in common: a row holds the root of a view, which it shares with readers.
template <class Key, class View>
struct index_traits {
  using key_type = Key;
  using payload_type = tree_node;
  using view_type = View;

  static void retain(payload_type* p) noexcept { p->references.fetch_add(1, std::memory_order_relaxed); }
  static void release(payload_type* p) noexcept { View view = tree_access::adopt<View>(p); }
};

/// The entries by key.
struct key_index : index_traits<value, group> {
  static bool equal(const value& stored, const value& wanted) noexcept { return identical(stored, wanted); }
  static bool equal(const value& stored, std::string_view wanted) noexcept { return identical(stored, wanted); }
  static bool interchangeable(const value&, const value&) noexcept { return true; }
  static void prefetch(const tree_node* root) noexcept;
};

/// The holdings by member.
struct member_index : index_traits<member, holdings> {
  static bool equal(const member& stored, const member& wanted) noexcept { return same_member(stored, wanted); }
  /// After a reconnection a new proxy equals the old one, which must not be kept.
  static bool interchangeable(const member& stored, const member& given) noexcept { return stored.get() == given.get(); }
};

/// A view of a root that somebody else holds a reference to.
template <class View>
class borrowed {
public:
  explicit borrowed(const tree_node* root) noexcept : view_(tree_access::adopt<View>(const_cast<tree_node*>(root))) {}
  borrowed(const borrowed&) = delete;
  borrowed& operator=(const borrowed&) = delete;
  ~borrowed() { tree_access::detach(view_); }
  const View& operator*() const noexcept { return view_; }
  const View* operator->() const noexcept { return &view_; }

private:
  View view_;
};

inline void key_index::prefetch(const tree_node* root) noexcept {
  borrowed<group>(root)->prefetch();
}

} // namespace registry::internal
