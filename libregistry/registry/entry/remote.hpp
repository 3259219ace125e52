#pragma once

#include <registry/entry/event.hpp>

#include <cstdint>
#include <vector>

namespace registry {

/// An entry as its owner tells of it: the owner's running number, the member, the value.
struct remote_entry {
  std::uint64_t number = 0;
  member who;
  value data;
};

/// A change that the owner of the entries has made; its commit number is the owner's. A `leave` needs the numbers only, an
/// `update` the numbers and the new values.
struct remote_change {
  std::uint64_t commit = 0;
  verb what = verb::join;
  reason why = reason::explicit_request;
  value key;
  std::vector<remote_entry> entries;
};

/// Entries under one key, in the owner's join order: a part of what an owner has.
struct remote_group {
  value key;
  std::vector<remote_entry> entries;
};

} // namespace registry
