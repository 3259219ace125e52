#pragma once

#include <caf/actor_control_block.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>

namespace registry::inline v0_2 {

/// A registrant: a strong handle to an actor of this or another node. Null means "no actor".
using member = caf::strong_actor_ptr;

/// Whether two handles name the same actor. Unlike pointer equality this holds also between a proxy and its replacement
/// after a reconnection. Wait-free.
inline bool same_member(const member& a, const member& b) noexcept {
  return a.get() == b.get() || (a && b && a->id() == b->id() && a->node() == b->node());
}

/// A total order over actors (node, then actor id; null first), the same on every node. Wait-free.
std::strong_ordering compare_members(const member& a, const member& b) noexcept;

/// A hash of an actor's identity, the same on every node that runs the same CAF version; 0 for null. Wait-free. An attacker
/// can choose identities that collide: containers take `keyed_hash`.
std::uint64_t hash_member(const member& who) noexcept;
/// A hash of an actor's identity under the secret of this process (`hash_secret`): the one that tables use. Wait-free.
std::uint64_t keyed_hash(const member& who) noexcept;

/// The hash for containers keyed by the identity of an actor; goes with `member_equal`.
struct member_hash {
  /// Tells Boost's containers that all bits are mixed.
  using is_avalanching = void;
  /// `keyed_hash`. Wait-free; any thread.
  std::size_t operator()(const member& who) const noexcept { return static_cast<std::size_t>(keyed_hash(who)); }
};
/// The equality for containers keyed by the identity of an actor; goes with `member_hash`.
struct member_equal {
  /// `same_member`. Wait-free; any thread.
  bool operator()(const member& a, const member& b) const noexcept { return same_member(a, b); }
};

} // namespace registry::inline v0_2
