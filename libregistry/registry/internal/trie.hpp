#pragma once

#include <registry/internal/epoch.hpp>
#include <registry/internal/retire_list.hpp>
#include <registry/internal/trie_node.hpp>

#include <algorithm>

namespace registry::inline v0_2::internal {

/// A concurrent hash map from keys to counted payloads: a hash trie with copy-on-write snapshots.
///
/// One writer at a time (the owner serialises), readers on any thread at any time. In addition to the requirements of
/// `trie_nodes`, `Traits` has `equal(stored, wanted)` and `interchangeable(stored, given)`: whether an equal key may stay in
/// the row when its payload is replaced.
///
/// Invariants:
/// 1. Only the writer changes or publishes anything. Readers follow child slots and payloads with acquire loads.
/// 2. A node belongs to the table alone if its reference count and that of each inner node above it are 1: then no snapshot
///    reaches it. Only such a node may change in place: the child slots of an inner node, the payloads of a leaf. Everything
///    else is copied, and the copy published with a release store.
/// 3. Only the writer increases counts from 1 (snapshots copy references they already count), so a count of 1, once seen by
///    the writer, stays.
/// 4. An unreachable object is retired, never freed at once. The table's reference to it is dropped when no reader can be
///    inside any more. So a payload that a reader finds under a guard has a count above zero, and the reader may count
///    another reference.
/// 5. A leaf that belonged to the table alone hands over the content of its rows to its successor. The retired leaf is a
///    shell: the memory, and at most one row that was removed with it, whose index replaces the reference count. A leaf
///    below an inner node that is merged away is a shell if its count is 0.
/// 6. An inner node below the root has more than `merge_rows` rows under it or an inner child, as of the last removal below
///    it.
template <class Traits>
class trie {
public:
  using nodes = trie_nodes<Traits>;
  using key_type = typename nodes::key_type;
  using payload_type = typename nodes::payload_type;
  using inner = typename nodes::inner;
  using row = typename nodes::row;

  /// A leaf with more rows is split, unless it is at the end of the hash.
  static constexpr std::size_t leaf_rows = 8;
  /// An inner node with at most this many rows becomes a leaf.
  static constexpr std::size_t merge_rows = leaf_rows / 2;

  struct payload_release {
    void operator()(payload_type* p) const noexcept { Traits::release(p); }
  };
  /// Owns a reference to a payload.
  using payload_ptr = std::unique_ptr<payload_type, payload_release>;

  /// Garbage goes to `retired`, which must outlive the trie.
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
    auto* payload = peek(hash, key);
    if (payload)
      Traits::retain(payload);
    return payload;
  }
  /// The same without a reference, for a caller with an open epoch guard.
  template <class Key>
  [[nodiscard]] payload_type* peek(std::uint64_t hash, const Key& key) const noexcept {
    auto* found = peek_row(hash, key);
    return found ? found->payload.load(std::memory_order_acquire) : nullptr;
  }
  /// The row of a key, or nullptr, for a caller with an open epoch guard.
  template <class Key>
  [[nodiscard]] const row* peek_row(std::uint64_t hash, const Key& key) const noexcept {
    return nodes::find(root_.load(std::memory_order_acquire).as_inner(), hash, key);
  }

  /// Calls `visit(key, payload)` for each key with this hash, under a guard. Wait-free if `visit` is.
  template <class Visitor>
  void for_each_of_hash(std::uint64_t hash, Visitor visit) const {
    epoch_guard guard;
    nodes::for_each_of_hash(root_.load(std::memory_order_acquire).as_inner(), hash, visit);
  }

  // -- the writer; a function that throws `std::bad_alloc` leaves the content as it was ----------------------------------
  /// Publishes a payload. Returns the previous one, or nullptr: it has been retired and lives until the next collection. A new
  /// row makes its key from the given one.
  template <class Key>
  const payload_type* assign(std::uint64_t hash, const Key& key, payload_ptr payload);
  /// Removes a key. Returns its payload like `assign`.
  template <class Key>
  const payload_type* erase(std::uint64_t hash, const Key& key);
  /// The sort key of hashes for `edit`: it makes hashes below one node adjacent.
  [[nodiscard]] static std::uint64_t order_of(std::uint64_t hash) noexcept;
  /// For each key with one of these hashes: publishes the payload that `change(hash, key, payload)` returns, with a
  /// reference; it may be the same one, and null removes the key. The hash passed is the element of the span. The hashes are
  /// distinct and ordered. Removed objects are retired and live until the next collection. Adjacent keys share the work on
  /// their nodes and the waiting for memory, so many changes take a fraction of the time of `assign` and `erase`. `change`
  /// must not throw. If the function throws `std::bad_alloc`, only some keys have been changed, and the caller must end the
  /// process.
  template <class Change>
  void edit(std::span<const std::uint64_t> hashes, Change&& change);
  /// Removes all keys, in one step. The old content is retired as a whole; freeing it takes linear time later. O(1).
  void clear();
  /// The row of a key, or nullptr: for the writer of a trie without snapshots, who may change the payload until the next change
  /// of the trie. The key in the row is replaced by the given one unless they are interchangeable: `Traits::renew(copy, given)`
  /// constructs it in the bits of the old one, whose destructor runs later.
  template <class Key>
  row* row_of(std::uint64_t hash, const Key& key);
  /// Puts a copy in the place of a row that is there, and lets `change` change it before readers can see it. The content passes
  /// to the copy bit by bit. There are no snapshots. The next `max_later` objects can be retired without a reservation.
  template <class Key, class Change>
  void rewrite(std::uint64_t hash, const Key& key, Change change);
  static constexpr std::size_t max_later = 2 * nodes::max_depth;
  /// The root with a reference for the caller; nothing below it will ever change. O(1).
  [[nodiscard]] inner* snapshot() noexcept {
    auto* root = root_.load(std::memory_order_relaxed).as_inner();
    nodes::retain(root);
    return root;
  }

private:
  using leaf = typename nodes::leaf;
  using child = typename nodes::child;

  /// Each inner node on the path may be copied and later be merged away; the path ends at a leaf or a payload.
  static constexpr std::size_t max_retirements = max_later + 1;

  struct structure_free {
    void operator()(inner* n) const noexcept { nodes::free_structure(n); }
  };
  /// A row to be put into the trie, which owns its content until then.
  class new_row {
  public:
    template <class Key>
    new_row(std::uint64_t hash, const Key& key, payload_ptr payload) noexcept : row_(hash, key, payload.release()) {}
    new_row(const new_row&) = delete;
    new_row& operator=(const new_row&) = delete;
    ~new_row() {
      if (!given_away_)
        nodes::disown(row_);
    }
    const row& operator*() const noexcept { return row_; }
    void give_away() noexcept { given_away_ = true; }

  private:
    union {
      row row_; // NOLINT(readability-identifier-naming): a member of the class
    };
    bool given_away_ = false;
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
  void supersede(std::atomic<child>& slot, leaf* old, child fresh, const row* dropped) noexcept;
  template <class Key>
  row* replace_key(std::uint64_t hash, const Key& key);
  static leaf* copy_of(leaf& from);
  void add_row(path& way, leaf* old, const row& added);
  static child build(std::span<const row* const> rows, unsigned depth);
  void merge_upwards(std::uint64_t hash, path& way) noexcept;
  bool merge(std::atomic<child>& slot, inner& n) noexcept;
  template <class Change>
  void edit_below(std::atomic<child>& slot, unsigned depth, std::span<const std::uint64_t> hashes, Change& change);
  static void fetch_leaves(const inner& n, unsigned depth, std::span<const std::uint64_t> hashes) noexcept;
  template <class Change>
  void edit_leaf(std::atomic<child>& slot, std::span<const std::uint64_t> hashes, Change& change);
  static row* hand_over(leaf& from, row* to) noexcept;
  static std::size_t count_rows_to_merge(const inner& n) noexcept;

  std::atomic<child> root_;
  retire_list& retired_;
};

} // namespace registry::inline v0_2::internal

#include <registry/internal/trie.ipp>
#include <registry/internal/trie_edit.ipp>
