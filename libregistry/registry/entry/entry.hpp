#pragma once

#include <registry/value/value.hpp>

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace registry {

/// The identity of an entry: who owns it and the owner's running number. It survives updates of the value and is never used
/// again. `origin` is a small number this node gives to each owner it meets; 0 is the node itself.
struct entry_id {
  std::uint32_t origin = 0;
  std::uint64_t number = 0;

  friend auto operator<=>(const entry_id&, const entry_id&) = default;
};

/// `"origin:number"`.
std::string to_string(const entry_id& x);
std::ostream& operator<<(std::ostream& out, const entry_id& x);

/// One membership: an actor under a key, with metadata.
struct entry {
  member who;
  value data;
  /// The place in the join order of the key on this node; kept by updates.
  std::uint64_t position = 0;
  /// The owner's running number, see `entry_id`.
  std::uint64_t number = 0;
  std::uint32_t origin = 0;

  [[nodiscard]] entry_id id() const noexcept { return {origin, number}; }
  /// Whether the entry was joined on this node.
  [[nodiscard]] bool is_local() const noexcept { return origin == 0; }
};

/// `"actor: value (origin:number)"`.
std::string to_string(const entry& x);
std::ostream& operator<<(std::ostream& out, const entry& x);

} // namespace registry
