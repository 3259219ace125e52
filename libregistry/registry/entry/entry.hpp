#pragma once

#include <registry/value/value.hpp>

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace registry::inline v0_2 {

/// The identity of an entry: its owner (the node on which it was joined) and the owner's running number. It survives updates
/// of the value and is never used again. Identities are local: another node numbers the owners differently.
struct entry_id {
  /// The number that this node gave to the owner when it met it; 0 is this node itself.
  std::uint32_t origin = 0;
  /// The owner's running number, the same on every node.
  std::uint64_t number = 0;

  /// By origin, then by number: of one owner, in the order of its joins.
  friend auto operator<=>(const entry_id&, const entry_id&) = default;
};

///@{
/// `"origin:number"`.
std::string to_string(const entry_id& x);
std::ostream& operator<<(std::ostream& out, const entry_id& x);
///@}

/// One membership: an actor under a key, with metadata.
struct entry {
  /// The registrant; may be on another node.
  member who;
  /// The metadata that it was joined with, or that the latest update gave it.
  value data;
  /// The place in the join order of the key on this node; kept by updates.
  std::uint64_t position = 0;
  /// The owner's running number, see `entry_id`.
  std::uint64_t number = 0;
  /// The owner, see `entry_id`; 0 for this node.
  std::uint32_t origin = 0;

  /// The identity, which tells two entries of one member under one key apart.
  [[nodiscard]] entry_id id() const noexcept { return {origin, number}; }
  /// Whether the entry was joined on this node.
  [[nodiscard]] bool is_local() const noexcept { return origin == 0; }
};

///@{
/// `"actor: value (origin:number)"`.
std::string to_string(const entry& x);
std::ostream& operator<<(std::ostream& out, const entry& x);
///@}

} // namespace registry::inline v0_2
