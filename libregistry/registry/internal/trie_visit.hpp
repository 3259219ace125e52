#pragma once

#include <registry/internal/trie_node.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace registry::inline v0_2::internal {

/// A queue of fixed length: an element comes out `Length` pushes after it went in, and null until then.
template <class T, std::size_t Length>
class delay_line {
public:
  T* push(T* x) noexcept { return std::exchange(ring_[next_++ % Length], x); }

private:
  std::array<T*, Length> ring_{};
  std::size_t next_ = 0;
};

/// Visits all rows below a node of a trie.
///
/// A large trie is scattered in memory, and waiting for each leaf, each payload and the objects a payload refers to would
/// take most of the time. So rows pass three delay lines on their way to the visitor, with a prefetch before each. `Traits`
/// may have `prefetch(const payload_type*)`, which prefetches the objects a payload refers to.
template <class Traits, class Visitor>
class trie_visit {
public:
  using nodes = trie_nodes<Traits>;

  explicit trie_visit(Visitor& visitor) noexcept : visitor_(visitor) {}

  /// Calls the visitor with `(const key_type&, payload_type*)` for each row. The node must not change any more.
  void run(const typename nodes::inner* root) {
    walk(root);
    for (std::size_t i = 0; i < leaves_ahead; ++i)
      pass_leaf(nullptr);
    for (std::size_t i = 0; i < 2 * rows_ahead; ++i)
      pass_row(nullptr);
  }

private:
  using inner = typename nodes::inner;
  using leaf = typename nodes::leaf;
  using row = typename nodes::row;

  static constexpr std::size_t leaves_ahead = 8;
  static constexpr std::size_t rows_ahead = 16;
  // The size of most leaves. Prefetching too little costs more than prefetching in vain.
  static constexpr std::size_t leaf_size = sizeof(leaf) + 6 * sizeof(row);

  void walk(const inner* n) {
    const inner* last = nullptr; // visited when the next one is being fetched
    for (auto& slot : n->children) {
      const auto c = slot.load(std::memory_order_relaxed);
      if (c.is_leaf()) {
        pass_leaf(c.as_leaf());
      } else if (c) {
        nodes::prefetch(c.as_inner(), sizeof(inner));
        if (last != nullptr)
          walk(last);
        last = c.as_inner();
      }
    }
    if (last != nullptr)
      walk(last);
  }

  void pass_leaf(const leaf* n) {
    if (n != nullptr)
      nodes::prefetch(n, leaf_size);
    if (const auto* ready = leaves_.push(n))
      for (const auto& r : ready->rows())
        pass_row(&r);
  }

  void pass_row(const row* next) {
    if (next != nullptr)
      nodes::prefetch(next->payload.load(std::memory_order_relaxed), nodes::payload_size);
    const auto* fetched = payloads_.push(next);
    if constexpr (requires(const typename nodes::payload_type* p) { Traits::prefetch(p); })
      if (fetched != nullptr)
        Traits::prefetch(fetched->payload.load(std::memory_order_relaxed));
    if (const auto* ready = contents_.push(fetched))
      visitor_(ready->key, ready->payload.load(std::memory_order_relaxed));
  }

  Visitor& visitor_;
  delay_line<const leaf, leaves_ahead> leaves_;
  delay_line<const row, rows_ahead> payloads_;
  delay_line<const row, rows_ahead> contents_;
};

} // namespace registry::inline v0_2::internal
