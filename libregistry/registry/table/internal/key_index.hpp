#pragma once

#include <registry/internal/tree_access.hpp>
#include <registry/internal/trie.hpp>
#include <registry/table/group.hpp>

#include <string_view>

namespace registry::inline v0_2::internal {

/// The entries by key: a row holds the root of a group, which it shares with readers.
struct key_index {
  using key_type = value;
  using payload_type = tree_node;

  static void retain(payload_type* p) noexcept { p->references.fetch_add(1, std::memory_order_relaxed); }
  static void release(payload_type* p) noexcept { group view = tree_access::adopt<group>(p); }
  static bool equal(const value& stored, const value& wanted) noexcept { return identical(stored, wanted); }
  static bool equal(const value& stored, std::string_view wanted) noexcept { return identical(stored, wanted); }
  static bool interchangeable(const value&, const value&) noexcept { return true; }
  static void prefetch(const tree_node* root) noexcept;
};

/// A group whose root the index also refers to.
class borrowed_group {
public:
  explicit borrowed_group(const tree_node* root) noexcept : view_(tree_access::adopt<group>(const_cast<tree_node*>(root))) {}
  borrowed_group(const borrowed_group&) = delete;
  borrowed_group& operator=(const borrowed_group&) = delete;
  ~borrowed_group() { tree_access::detach(view_); }
  const group& operator*() const noexcept { return view_; }
  const group* operator->() const noexcept { return &view_; }

private:
  group view_;
};

inline void key_index::prefetch(const tree_node* root) noexcept {
  borrowed_group(root)->prefetch();
}

} // namespace registry::inline v0_2::internal
