#pragma once

#include <registry/internal/tree_node.hpp>

#include <utility>

namespace registry::inline v0_2::internal {

/// Converts between the public view (`group`), whose header hides the tree, and the root it holds.
struct tree_access {
  template <class View>
  static const tree_node* root(const View& view) noexcept {
    return view.root_;
  }
  /// Hands over the reference to the root; the view becomes empty.
  template <class View>
  static tree_node* detach(View& view) noexcept {
    return std::exchange(view.root_, nullptr);
  }
  /// A view that takes over a reference.
  template <class View>
  static View adopt(tree_node* root) noexcept {
    return View(root);
  }
};

/// The root of a view as a tree that can be changed, for the lifetime of the lease.
template <class Tree, class View>
class tree_lease {
public:
  explicit tree_lease(View& view) noexcept : view_(view), tree_(tree_access::detach(view)) {}
  tree_lease(const tree_lease&) = delete;
  tree_lease& operator=(const tree_lease&) = delete;
  ~tree_lease() { view_ = tree_access::adopt<View>(tree_.detach()); }

  Tree& tree() noexcept { return tree_; }

private:
  View& view_;
  Tree tree_;
};

} // namespace registry::inline v0_2::internal
