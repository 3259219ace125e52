#pragma once

#include <registry/internal/epoch.hpp>
#include <registry/internal/retire_list.hpp>
#include <registry/internal/trie_node.hpp>

#include <algorithm>

namespace registry::internal {

/// A concurrent hash map from keys to counted payloads: a hash trie with copy-on-write snapshots.
///
/// One writer at a time (the owner serialises), readers on any thread at any time. Besides what `trie_nodes` asks for,
/// `Traits` has `equal(stored, wanted)` and `interchangeable(stored, given)`: whether an equal key may stay in the row when its
/// payload is replaced.
///
/// Invariants:
/// 1. Only the writer changes or publishes anything. Readers follow child slots and payloads with acquire loads.
/// 2. A node belongs to the table alone if its reference count is 1 and so is that of each inner node above it: then no
///    snapshot reaches it. Only such a node may change in place: the child slots of an inner node, the payload of a row.
///    Everything else is copied, and the copy published with a release store.
/// 3. Counts grow only in the writer's hands (snapshots copy references they already count), so that a count of 1, once
///    seen by the writer, stays.
/// 4. What becomes unreachable is retired, never freed at once. The reference that the table had is dropped when no reader
///    can be inside any more. So a payload that a reader finds under a guard has a count above zero, and the reader may
///    count another reference.
/// 5. A leaf that belonged to the table alone hands its references to rows over to its successor; only its memory is retired.
/// 6. An inner node below the root has more than `merge_rows` rows under it or an inner child, as of the last removal below it.
template <class Traits>
class trie {
public:
  using nodes = trie_nodes<Traits>;
  using key_type = typename nodes::key_type;
  using payload_type = typename nodes::payload_type;
  using inner = typename nodes::inner;

  struct payload_release {
    void operator()(payload_type* p) const noexcept { Traits::release(p); }
  };
  /// Owns a reference to a payload.
  using payload_ptr = std::unique_ptr<payload_type, payload_release>;

  /// The garbage goes to `retired`, which must outlive the trie.
  explicit trie(retire_list& retired) : root_(new inner), retired_(retired) {}
  trie(const trie&) = delete;
  trie& operator=(const trie&) = delete;
  /// No reader may be inside.
  ~trie() { nodes::release(root_.load(std::memory_order_relaxed).as_inner()); }

  // -- any thread ---------------------------------------------------------------------------------------------------------
  /// The payload of a key, with a reference for the caller, or nullptr. Wait-free.
  template <class Key>
  [[nodiscard]] payload_type* find(std::uint64_t hash, const Key& key) const noexcept {
    epoch_guard guard;
    auto* row = nodes::find(root_.load(std::memory_order_acquire).as_inner(), hash, key);
    if (!row)
      return nullptr;
    auto* payload = row->payload.load(std::memory_order_acquire);
    Traits::retain(payload);
    return payload;
  }

  // -- the writer; what throws `std::bad_alloc` leaves the content as it was ------------------------------------------------
  /// Publishes a payload. Returns the one before, or nullptr: it has been retired and lives until the next collection.
  const payload_type* assign(std::uint64_t hash, const key_type& key, payload_ptr payload);
  /// Removes a key. Returns its payload like `assign`.
  const payload_type* erase(std::uint64_t hash, const key_type& key);
  /// The root with a reference for the caller; nothing below it will ever change. O(1).
  [[nodiscard]] inner* snapshot() noexcept {
    auto* root = root_.load(std::memory_order_relaxed).as_inner();
    nodes::retain(root);
    return root;
  }

private:
  using row = typename nodes::row;
  using leaf = typename nodes::leaf;
  using place = typename nodes::place;
  using child = typename nodes::child;

  static constexpr std::size_t leaf_rows = 8;
  static constexpr std::size_t merge_rows = leaf_rows / 2;
  /// Each inner node on the way may be copied and later be merged away; then a leaf, a row, a payload.
  static constexpr std::size_t max_retirements = 2 * nodes::max_depth + 4;

  struct structure_free {
    void operator()(inner* n) const noexcept { nodes::free_structure(n); }
  };
  /// The inner nodes from the root to a leaf, and the slot of that leaf. All of them belong to the table alone.
  struct path {
    std::array<inner*, nodes::max_depth> steps;
    unsigned depth = 0;
    std::atomic<child>* slot = nullptr;
  };

  template <class Node>
  static bool sole(const Node* n) noexcept {
    return n->references.load(std::memory_order_acquire) == 1;
  }
  template <class Node>
  void retire(Node* n) noexcept {
    retired_.retire(n, [](void* p) noexcept { nodes::release(static_cast<Node*>(p)); });
  }

  inner* own(std::atomic<child>& slot);
  void descend(std::uint64_t hash, path& way);
  void supersede(std::atomic<child>& slot, leaf* old, child fresh, row* dropped) noexcept;
  void add_row(path& way, leaf* old, place added);
  static child build(std::span<const place> places, unsigned depth);
  static leaf* copy_without(leaf& old, const row* dropped);
  void merge_upwards(std::uint64_t hash, path& way) noexcept;
  static std::size_t count_rows_to_merge(const inner& n) noexcept;

  std::atomic<child> root_;
  retire_list& retired_;
};

} // namespace registry::internal

#include <registry/internal/trie.ipp>
