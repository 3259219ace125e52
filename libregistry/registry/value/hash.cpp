#include <registry/error/internal/out_of_memory.hpp>
#include <registry/hash/secret.hpp>
#include <registry/value/value.hpp>

#include <boost/endian/conversion.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <memory>

namespace registry::inline v0_2 {

namespace {

// The two hashes differ only in the seed and the secret. In both, each kind hashes in its own way, so that 1, 1.0, true and
// "" differ.

struct stable_algorithm {
  // Part of the protocol: never change.
  static std::uint64_t bytes(value::kind type, const void* data, std::size_t size) noexcept {
    return XXH3_64bits_withSeed(data, size, 0x5265676973747279U + static_cast<std::uint64_t>(type));
  }
  static std::uint64_t actor(const member& who) noexcept { return hash_member(who); }
};

struct keyed_algorithm {
  static std::uint64_t bytes(value::kind type, const void* data, std::size_t size) noexcept {
    const auto& secret = internal::secret();
    return XXH3_64bits_withSecret(data, size, secret.words.data(), internal::secret_bytes_of_xxh3) ^
           secret.words[internal::secret_of_kinds + static_cast<std::size_t>(type)];
  }
  static std::uint64_t actor(const member& who) noexcept { return keyed_hash(who); }
};

} // namespace

/// One computation. A block that caches the other hash would be recomputed at each of its places, and values with shared
/// parts may have too many places to visit; so after a while such blocks are remembered here.
template <class Algorithm>
class value::hashing {
public:
  explicit hashing(std::uint64_t mark) noexcept : mark_(mark) {}

  /// The cached hash of the block of a list, a map or a text, or 0.
  static std::uint64_t remembered(const node& block, std::uint64_t mark) noexcept {
    const bool is_this = (block.references.load(std::memory_order_relaxed) & hash_marks) == mark;
    return is_this ? block.hash.load(std::memory_order_relaxed) : 0;
  }

  /// The hash of a value. Most values passed here are short texts, like keys, or have it cached.
  static std::uint64_t of_whole(const value& x, std::uint64_t mark) noexcept {
    if (!x.on_heap()) {
      if (x.type() == kind::string)
        return Algorithm::bytes(kind::string, x.storage_.text.data(), x.storage_.length);
    } else if (!x.is_actor()) {
      if (const auto known = remembered(*x.block(), mark); known != 0)
        return known;
    }
    return hashing(mark).of(x);
  }

  std::uint64_t of(const value& x) noexcept {
    if (!x.on_heap() || x.is_actor())
      return compute(x);
    auto& block = *x.block();
    if (const auto known = remembered(block, mark_); known != 0)
      return known;
    const auto mark = block.references.load(std::memory_order_relaxed) & hash_marks;
    if (mark != 0 && mark != mark_ && x.depth() != 0)
      return compute_beside(x);
    const auto hash = compute(x);
    if (claim(block))
      block.hash.store(hash, std::memory_order_relaxed);
    return hash;
  }

private:
  static constexpr std::size_t patience = 1024;
  using computed_hashes = boost::unordered_flat_map<const node*, std::uint64_t>;

  static std::uint64_t words(kind type, std::uint64_t a, std::uint64_t b) noexcept {
    const std::array<std::uint64_t, 2> both{boost::endian::native_to_little(a), boost::endian::native_to_little(b)};
    return Algorithm::bytes(type, both.data(), sizeof both);
  }

  /// Whether the block is to cache this hash.
  bool claim(node& block) const noexcept {
    auto count = block.references.load(std::memory_order_relaxed);
    while ((count & hash_marks) == 0)
      if (block.references.compare_exchange_weak(count, count | mark_, std::memory_order_relaxed))
        return true;
    return (count & hash_marks) == mark_;
  }

  std::uint64_t compute_beside(const value& x) noexcept {
    if (++computed_ <= patience)
      return compute(x);
    return without_failing("hashing a value", [&] {
      if (!beside_)
        beside_ = std::make_unique<computed_hashes>();
      if (const auto known = beside_->find(x.block()); known != beside_->end())
        return known->second;
      const auto hash = compute(x);
      beside_->emplace(x.block(), hash);
      return hash;
    });
  }

  std::uint64_t compute(const value& x) noexcept {
    switch (x.type()) {
    case kind::string:
    case kind::bytes: {
      const auto content = x.characters();
      return Algorithm::bytes(x.type(), content.data(), content.size());
    }
    case kind::actor:
      return words(kind::actor, Algorithm::actor(x.as_actor()), 0);
    case kind::list: {
      auto sum = words(kind::list, x.as_list().size(), 0);
      for (const auto& part : x.as_list())
        sum = words(kind::list, sum, of(part));
      return sum;
    }
    case kind::map: {
      auto sum = words(kind::map, x.as_map().size(), 0);
      for (const auto& pair : x.as_map())
        sum = words(kind::map, words(kind::map, sum, of(pair.key)), of(pair.mapped));
      return sum;
    }
    default:
      return words(x.type(), x.word(), 0);
    }
  }

  const std::uint64_t mark_;
  std::size_t computed_ = 0;
  std::unique_ptr<computed_hashes> beside_;
};

std::uint64_t value::hash() const noexcept {
  return hashing<keyed_algorithm>::of_whole(*this, keyed_mark);
}

std::uint64_t value::stable_hash() const noexcept {
  return hashing<stable_algorithm>::of_whole(*this, stable_mark);
}

std::uint64_t value::hash_of(std::string_view text) noexcept {
  return keyed_algorithm::bytes(kind::string, text.data(), text.size());
}

std::uint64_t value::stable_hash_of(std::string_view text) noexcept {
  return stable_algorithm::bytes(kind::string, text.data(), text.size());
}

} // namespace registry::inline v0_2
