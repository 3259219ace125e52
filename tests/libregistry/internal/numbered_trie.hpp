#pragma once

#include <registry/internal/trie.hpp>
#include <registry/internal/trie_visit.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

/// A trie from numbers to numbers, with every kind of hash.
namespace registry::testing::numbered {

inline std::atomic<std::int64_t> live_payloads{0};

struct payload {
  std::atomic<std::uint32_t> references{1};
  std::uint64_t number;
  explicit payload(std::uint64_t number) : number(number) { ++live_payloads; }
  ~payload() { --live_payloads; }
};

struct traits {
  using key_type = std::uint64_t;
  using payload_type = payload;
  static void retain(payload* p) noexcept { p->references.fetch_add(1, std::memory_order_relaxed); }
  static void release(payload* p) noexcept {
    if (p->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete p;
  }
  static bool equal(std::uint64_t stored, std::uint64_t wanted) noexcept { return stored == wanted; }
  static bool interchangeable(std::uint64_t, std::uint64_t) noexcept { return true; }
};

using map = internal::trie<traits>;
using nodes = map::nodes;
using model = std::map<std::uint64_t, std::uint64_t>;

inline std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

struct hash_kind {
  const char* name;
  std::uint64_t (*hash)(std::uint64_t);
};

// Good ones, and some that only an adversary would find.
inline const hash_kind hash_kinds[] = {
    {"spread", mix},
    {"identity", [](std::uint64_t x) { return x; }},
    {"eight values", [](std::uint64_t x) { return x & 7; }},
    {"one value", [](std::uint64_t) { return std::uint64_t{0xabcdef}; }},
    {"equal in the low 40 bits", [](std::uint64_t x) { return x << 40; }},
    {"equal in the low 60 bits", [](std::uint64_t x) { return x << 60; }},
};

inline void assign(map& m, std::uint64_t hash, std::uint64_t key, std::uint64_t number) {
  m.assign(hash, key, map::payload_ptr(new payload(number)));
}

/// The number found under a key; 0 for none.
inline std::uint64_t get(const map& m, std::uint64_t hash, std::uint64_t key) {
  map::payload_ptr found(m.find(hash, key));
  return found ? found->number : 0;
}

/// A reference to a root.
class view {
public:
  explicit view(map& m) : root_(m.snapshot()) {}
  view(view&& other) noexcept : root_(std::exchange(other.root_, nullptr)) {}
  view& operator=(view&&) = delete;
  ~view() {
    if (root_)
      nodes::release(root_);
  }
  [[nodiscard]] nodes::inner* root() const { return root_; }
  [[nodiscard]] model content() const {
    model result;
    auto visit = [&](std::uint64_t key, const payload* p) { result.emplace(key, p->number); };
    internal::trie_visit<traits, decltype(visit)>(visit).run(root_);
    return result;
  }

private:
  nodes::inner* root_;
};

struct census {
  std::size_t inners = 0;
  std::size_t leaves = 0;
  std::size_t rows = 0;
  std::string fault;
};

inline void check_inner(const nodes::inner* n, unsigned depth, census& result) {
  ++result.inners;
  std::size_t rows = 0;
  bool has_inner = false;
  for (unsigned i = 0; i < nodes::fan_out; ++i) {
    auto c = n->children[i].load();
    if (!c)
      continue;
    if (!c.is_leaf()) {
      has_inner = true;
      if (depth + 1 >= nodes::max_depth)
        result.fault = "too deep";
      check_inner(c.as_inner(), depth + 1, result);
      continue;
    }
    ++result.leaves;
    auto all = c.as_leaf()->rows();
    rows += all.size();
    if (all.empty() || (all.size() > map::leaf_rows && depth + 1 < nodes::max_depth))
      result.fault = "a leaf of a wrong size";
    for (auto& r : all)
      if (nodes::index_of(r.hash, depth) != i || r.payload.load()->references.load() == 0)
        result.fault = "a wrong row";
  }
  if (depth > 0 && !has_inner && rows <= map::merge_rows)
    result.fault = "an inner node that should have been merged";
  result.rows += rows;
}

inline census inspect(map& m) {
  census result;
  view now(m);
  check_inner(now.root(), 0, result);
  return result;
}

} // namespace registry::testing::numbered
