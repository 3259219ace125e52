#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace registry::internal {

/// Memory layout, lifetime and reading of the nodes of a hash trie.
///
/// `Traits` names what the rows hold: `key_type` (copied without throwing), `payload_type` and the static functions `retain`
/// and `release` that count references to a payload.
template <class Traits>
struct trie_nodes {
  using key_type = typename Traits::key_type;
  using payload_type = typename Traits::payload_type;

  static constexpr unsigned bits = 5;
  static constexpr unsigned fan_out = 1U << bits;
  /// Inner nodes on any way down. What still collides then shares a leaf of any length.
  static constexpr unsigned max_depth = 12;

  /// One key with its payload. The key is inside because most of the time of a lookup goes into cache misses.
  struct row {
    std::atomic<std::uint32_t> references{1};
    key_type key;
    std::atomic<payload_type*> payload;
    row(const key_type& key, payload_type* payload) noexcept : key(key), payload(payload) {}
  };

  struct place {
    std::uint64_t hash;
    row* at;
  };

  /// A leaf; `count` places follow it. Never changes.
  struct leaf {
    std::atomic<std::uint32_t> references{1};
    std::uint32_t count;
    explicit leaf(std::uint32_t count) noexcept : count(count) {}
    [[nodiscard]] std::span<place> places() noexcept { return {std::launder(reinterpret_cast<place*>(this + 1)), count}; }
    [[nodiscard]] std::span<const place> places() const noexcept {
      return {std::launder(reinterpret_cast<const place*>(this + 1)), count};
    }
  };

  struct inner;

  /// A reference to a leaf or an inner node, or to nothing. The kind is part of the pointer so that a reader needs only one
  /// cache line of an inner node.
  class child {
  public:
    child() noexcept = default;
    child(std::nullptr_t) noexcept {}
    child(inner* n) noexcept : bits_(reinterpret_cast<std::uintptr_t>(n)) {}
    child(leaf* n) noexcept : bits_(reinterpret_cast<std::uintptr_t>(n) | leaf_flag) {}
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
  /// A leaf whose places are still to be filled.
  static leaf* make_leaf(std::size_t count) {
    auto* memory = ::operator new(sizeof(leaf) + count * sizeof(place));
    auto* result = new (memory) leaf(static_cast<std::uint32_t>(count));
    std::uninitialized_value_construct_n(reinterpret_cast<place*>(result + 1), count);
    return result;
  }
  /// Frees the memory of a leaf without touching the rows.
  static void free_shell(leaf* n) noexcept { ::operator delete(n); }
  /// Frees nodes that nobody else has seen, without touching the rows.
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

  static void release(row* n) noexcept {
    if (!drop(n))
      return;
    Traits::release(n->payload.load(std::memory_order_relaxed));
    delete n;
  }
  static void release(leaf* n) noexcept {
    if (!drop(n))
      return;
    for (auto& place : n->places())
      release(place.at);
    free_shell(n);
  }
  /// Takes time linear in the number of nodes below that nobody else shares; recursion ends at `max_depth`.
  static void release(inner* n) noexcept {
    if (!drop(n))
      return;
    for (auto& slot : n->children)
      if (auto c = slot.load(std::memory_order_relaxed))
        c.is_leaf() ? release(c.as_leaf()) : release(c.as_inner());
    delete n;
  }

  // -- reading ------------------------------------------------------------------------------------------------------------
  /// The row of a key, or nullptr. Wait-free. The caller keeps the node from being freed, by an epoch guard or a reference.
  template <class Key>
  static row* find(const inner* n, std::uint64_t hash, const Key& key) noexcept {
    for (auto rest = hash;; rest >>= bits) {
      auto c = n->children[rest & (fan_out - 1)].load(std::memory_order_acquire);
      if (c.is_leaf())
        return find(*c.as_leaf(), hash, key);
      if (!c)
        return nullptr;
      n = c.as_inner();
    }
  }
  template <class Key>
  static row* find(const leaf& n, std::uint64_t hash, const Key& key) noexcept {
    for (auto& place : n.places())
      if (place.hash == hash && Traits::equal(place.at->key, key))
        return place.at;
    return nullptr;
  }

  /// Calls `visit(const key_type&, payload_type*)` for each row. Only for a node that does not change any more. Fetches rows
  /// and payloads ahead, because there is a cache miss in each.
  template <class Visitor>
  static void for_each(const inner* n, Visitor& visit) {
    constexpr std::size_t lookahead = 64;
    std::array<const row*, lookahead> rows;
    std::size_t count = 0;
    auto flush = [&] {
      for (std::size_t i = 0; i < count; ++i)
        __builtin_prefetch(rows[i]->payload.load(std::memory_order_relaxed));
      for (std::size_t i = 0; i < count; ++i)
        visit(rows[i]->key, rows[i]->payload.load(std::memory_order_relaxed));
      count = 0;
    };
    std::array<child, fan_out> children;
    std::size_t used = 0;
    for (auto& slot : n->children) {
      if (auto c = slot.load(std::memory_order_relaxed)) {
        __builtin_prefetch(c.is_leaf() ? static_cast<const void*>(c.as_leaf()) : c.as_inner());
        children[used++] = c;
      }
    }
    for (auto c : std::span(children).first(used)) {
      if (!c.is_leaf()) {
        for_each(c.as_inner(), visit);
        continue;
      }
      for (auto& place : c.as_leaf()->places()) {
        __builtin_prefetch(place.at);
        rows[count++] = place.at;
        if (count == lookahead)
          flush();
      }
    }
    flush();
  }

private:
  template <class Node>
  static bool drop(Node* n) noexcept {
    return n->references.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
};

} // namespace registry::internal
