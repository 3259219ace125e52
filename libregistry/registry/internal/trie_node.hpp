#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace registry::inline v0_2::internal {

/// Memory layout, lifetime and reading of the nodes of a hash trie.
///
/// `Traits` defines the content of the rows: `key_type` (copied without throwing; must survive being moved bit by bit, as
/// counted pointers do), `payload_type`, and the static functions `retain` and `release` that count references to a payload. If a
/// key owns something only with some payloads, `end_key(key, payload)` frees that before the key is destroyed.
template <class Traits>
struct trie_nodes {
  using key_type = typename Traits::key_type;
  using payload_type = typename Traits::payload_type;

  static constexpr unsigned bits = 5;
  static constexpr unsigned fan_out = 1U << bits;
  /// The maximum number of inner nodes on a path. Keys that still collide there share a leaf of any length.
  static constexpr unsigned max_depth = 12;

  /// One key with its payload. Stored inside the leaf, key included, because cache misses dominate the time of a lookup.
  struct row {
    std::uint64_t hash;
    key_type key;
    std::atomic<payload_type*> payload;
    template <class Key>
    row(std::uint64_t hash, const Key& key, payload_type* payload) noexcept : hash(hash), key(key), payload(payload) {}
  };

  /// A leaf, followed by `count` rows. Only payloads ever change in it.
  struct leaf {
    std::atomic<std::uint32_t> references{1};
    std::uint32_t count;
    explicit leaf(std::uint32_t count) noexcept : count(count) {}
    [[nodiscard]] std::span<row> rows() noexcept { return {std::launder(reinterpret_cast<row*>(this + 1)), count}; }
    [[nodiscard]] std::span<const row> rows() const noexcept {
      return {std::launder(reinterpret_cast<const row*>(this + 1)), count};
    }
  };
  static_assert(alignof(row) <= sizeof(leaf) && std::is_nothrow_copy_constructible_v<key_type>);

  struct inner;

  /// A reference to a leaf or an inner node, or null. The kind is part of the pointer so that a reader needs only one cache
  /// line of an inner node.
  class child {
  public:
    child() noexcept = default;
    child(std::nullptr_t) noexcept {}                                        // NOLINT(google-explicit-constructor)
    child(inner* n) noexcept : bits_(reinterpret_cast<std::uintptr_t>(n)) {} // NOLINT(google-explicit-constructor)
    child(leaf* n) noexcept                                                  // NOLINT(google-explicit-constructor)
        : bits_(reinterpret_cast<std::uintptr_t>(n) | leaf_flag) {}
    explicit operator bool() const noexcept { return bits_ != 0; }
    [[nodiscard]] bool is_leaf() const noexcept { return (bits_ & leaf_flag) != 0; }
    [[nodiscard]] leaf* as_leaf() const noexcept { return reinterpret_cast<leaf*>(bits_ & ~leaf_flag); }
    [[nodiscard]] inner* as_inner() const noexcept { return reinterpret_cast<inner*>(bits_); }

  private:
    static constexpr std::uintptr_t leaf_flag = 1;
    std::uintptr_t bits_ = 0;
  };

  struct inner {
    std::atomic<std::uint32_t> references{1};
    std::array<std::atomic<child>, fan_out> children{};
  };

  static unsigned index_of(std::uint64_t hash, unsigned depth) noexcept {
    return static_cast<unsigned>(hash >> (depth * bits)) & (fan_out - 1);
  }

  // -- lifetime -----------------------------------------------------------------------------------------------------------
  /// A leaf with memory for rows that are still to be constructed.
  static leaf* make_leaf(std::size_t count) {
    return new (::operator new(sizeof(leaf) + count * sizeof(row))) leaf(static_cast<std::uint32_t>(count));
  }
  /// Constructs a row in raw memory from another one, bit by bit: the row's content then has two owners. The caller settles
  /// which of them remains, by `own_again` or by freeing a shell. The other row is not written, as readers may be in it.
  static void take_over(row* to, const row& from) noexcept {
    to->hash = from.hash;
    // NOLINTNEXTLINE(bugprone-undefined-memory-manipulation): what `Traits` promises of the key
    std::memcpy(static_cast<void*>(&to->key), &from.key, sizeof(key_type));
    std::construct_at(&to->payload, from.payload.load(std::memory_order_relaxed));
  }
  /// Counts a second owner of a row's content.
  static void own_again(const row& r) noexcept {
    alignas(key_type) std::byte copy[sizeof(key_type)];
    new (copy) key_type(r.key);
    Traits::retain(r.payload.load(std::memory_order_relaxed));
  }
  static void disown(row& r) noexcept {
    auto* payload = r.payload.load(std::memory_order_relaxed);
    if constexpr (requires { Traits::end_key(r.key, payload); })
      Traits::end_key(r.key, payload);
    Traits::release(payload);
    std::destroy_at(&r);
  }
  /// Frees the memory of a leaf but not the content of its rows.
  static void free_shell(leaf* n) noexcept { ::operator delete(n); }
  /// Frees nodes that no other thread has seen, in the same way.
  static void free_structure(child c) noexcept {
    if (!c)
      return;
    if (c.is_leaf()) {
      free_shell(c.as_leaf());
      return;
    }
    for (auto& slot : c.as_inner()->children)
      free_structure(slot.load(std::memory_order_relaxed));
    delete c.as_inner();
  }

  template <class Node>
  static void retain(Node* n) noexcept {
    n->references.fetch_add(1, std::memory_order_relaxed);
  }
  static void retain(child c) noexcept {
    if (c)
      c.is_leaf() ? retain(c.as_leaf()) : retain(c.as_inner());
  }

  static void release(leaf* n) noexcept {
    if (!drop(n))
      return;
    for (auto& r : n->rows())
      disown(r);
    free_shell(n);
  }
  /// Takes time linear in the number of unshared nodes below; the recursion ends at `max_depth`.
  static void release(inner* n) noexcept {
    if (!drop(n))
      return;
    for (auto& slot : n->children)
      if (auto c = slot.load(std::memory_order_relaxed))
        c.is_leaf() ? release(c.as_leaf()) : release(c.as_inner());
    delete n;
  }

  /// Frees an inner node that has only leaves, some of which are shells: those with count 0.
  static void free_merged(inner* n) noexcept {
    for (auto& slot : n->children)
      if (auto c = slot.load(std::memory_order_relaxed))
        c.as_leaf()->references.load(std::memory_order_relaxed) == 0 ? free_shell(c.as_leaf()) : release(c.as_leaf());
    delete n;
  }

  // -- reading ------------------------------------------------------------------------------------------------------------
  /// The size of the part of a payload that is usually read.
  static constexpr std::size_t payload_size = 32;

  /// Prefetches all cache lines of these bytes: most objects do not begin at a line. Affects only speed.
  static void prefetch(const void* start, std::size_t size) noexcept {
    constexpr std::uintptr_t cache_line = 64;
    const auto first = reinterpret_cast<std::uintptr_t>(start);
    for (auto line = first & ~(cache_line - 1); line < first + size; line += cache_line)
      __builtin_prefetch(reinterpret_cast<const void*>(line));
  }

  /// The row of a key, or nullptr. Wait-free. The caller must keep the node alive with an epoch guard or a reference.
  template <class Key>
  static const row* find(const inner* n, std::uint64_t hash, const Key& key) noexcept {
    for (auto rest = hash;; rest >>= bits) {
      auto c = n->children[rest & (fan_out - 1)].load(std::memory_order_acquire);
      if (c.is_leaf())
        return find(c.as_leaf(), hash, key);
      if (!c)
        return nullptr;
      n = c.as_inner();
    }
  }
  template <class Visitor>
  static void for_each_of_hash(const inner* n, std::uint64_t hash, Visitor& visit) {
    for (auto rest = hash;; rest >>= bits) {
      auto c = n->children[rest & (fan_out - 1)].load(std::memory_order_acquire);
      if (!c)
        return;
      if (!c.is_leaf()) {
        n = c.as_inner();
        continue;
      }
      for (const auto& r : c.as_leaf()->rows())
        if (r.hash == hash)
          visit(r.key, r.payload.load(std::memory_order_acquire));
      return;
    }
  }
  template <class Key>
  static row* find(leaf* n, std::uint64_t hash, const Key& key) noexcept {
    for (auto& r : n->rows())
      if (r.hash == hash && Traits::equal(r.key, key))
        return &r;
    return nullptr;
  }

private:
  template <class Node>
  static bool drop(Node* n) noexcept {
    return n->references.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
};

} // namespace registry::inline v0_2::internal
