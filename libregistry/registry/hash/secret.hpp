#pragma once

#include <registry/hash/detail/splitmix64.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace registry::inline v0_2 {

/// The key of all hashes of one process: without it nobody can choose keys that collide in the tables. Random bits. The
/// hashes that travel between nodes (`value::stable_hash`, `hash_member`) do not depend on it.
struct hash_secret {
  /// The first 24 words are the secret of XXH3, the others belong to one kind of hash each.
  std::array<std::uint64_t, 40> words;

  /// A secret from a seed, for tests and simulations that repeat themselves. Anyone who guesses the seed knows the secret.
  static constexpr hash_secret from_seed(std::uint64_t seed) noexcept {
    hash_secret out{};
    for (auto& x : out.words)
      x = detail::splitmix64(seed);
    return out;
  }
};

/// Sets the secret of this process; false, without effect, once it is settled. The first hash that is computed settles it,
/// as a fixed secret if none was set. Call it before other threads use values or members: at the start of `main` or earlier.
/// A program with nodes need not call it: the `actors` library draws a secret from the system when it is loaded, and a call
/// before the first hash replaces that.
[[nodiscard]] bool set_hash_secret(const hash_secret& secret) noexcept;

namespace internal {

/// The secret once it is settled. Where it points to does not change any more.
inline constinit std::atomic<const hash_secret*> settled_secret{nullptr};

const hash_secret& settle_secret() noexcept;

/// Wait-free; any thread.
inline const hash_secret& secret() noexcept {
  const auto* known = settled_secret.load(std::memory_order_acquire);
  return known != nullptr ? *known : settle_secret();
}

/// Which words of the secret are whose.
inline constexpr std::size_t secret_bytes_of_xxh3 = 24 * sizeof(std::uint64_t);
inline constexpr std::size_t secret_of_kinds = 24;
inline constexpr std::size_t secret_of_members = 36;
inline constexpr std::size_t secret_of_numbers = 37;

} // namespace internal

/// A keyed hash of numbers that others choose, for containers. Distinct numbers have distinct hashes. The mixer is the
/// finaliser of SplitMix64 (Steele, Lea and Flood 2014).
struct number_hash {
  /// Tells Boost's containers that all bits are mixed.
  using is_avalanching = void;

  /// The hash of a number under the secret of this process. Wait-free; any thread.
  std::size_t operator()(std::uint64_t x) const noexcept {
    const auto* own = internal::secret().words.data() + internal::secret_of_numbers;
    // The finaliser of splitmix64 with a key in each round. Random factors in its place spread badly for a secret in thirty.
    x ^= own[0];
    x = (x ^ (x >> 30) ^ own[1]) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27) ^ own[2]) * 0x94d049bb133111ebU;
    return static_cast<std::size_t>(x ^ (x >> 31));
  }
};

} // namespace registry::inline v0_2
