#pragma once

#include <registry/entry/event.hpp>

#include <cstdint>
#include <vector>

namespace registry::inline v0_2 {

/// An entry as its owner announces it.
struct remote_entry {
  std::uint64_t number = 0; ///< the owner's running number, see `entry_id::number`
  member who;               ///< the registrant, an actor of the owner
  value data;               ///< the metadata
};

/// A change that the owner of the entries has made. A `leave` needs the numbers only, an `update` the numbers and the new
/// values.
struct remote_change {
  std::uint64_t commit = 0;              ///< the owner's commit number, not this node's
  verb what = verb::join;                ///< the kind of change
  reason why = reason::explicit_request; ///< its cause
  value key;                             ///< the key whose entries changed
  std::vector<remote_entry> entries;     ///< the entries concerned
};

/// Entries under one key, in the owner's join order: a part of an owner's content.
struct remote_group {
  value key;                         ///< the key of all of them
  std::vector<remote_entry> entries; ///< in the owner's join order
};

} // namespace registry::inline v0_2
