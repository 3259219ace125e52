#pragma once

#include <registry/entry/entry.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace registry {

/// What happened to a key.
enum class verb : std::uint8_t { join, leave, update };

/// Why it happened.
enum class reason : std::uint8_t {
  explicit_request, ///< somebody asked for it; spelled `explicit` in text
  down,             ///< the member terminated
  node_down,        ///< the member's node was lost
  drained,          ///< the member's node left on purpose
  resync,           ///< found while synchronising with the owner
};

std::string_view to_string(verb x) noexcept;
std::string_view to_string(reason x) noexcept;

/// One entry of an event.
struct event_entry {
  entry_id id;
  member who;
  /// The value after the event; for `leave` the value the entry had.
  value data;
  /// `update` only: the value before.
  value previous;
};

/// One change of one key: all entries that one operation added, removed or updated under it. Bulk work gives several events for a
/// key with more than 4,096 entries: an exit, `leave_all`, `unregister_name`, and what other nodes have or lose. Immutable and shared.
/// `join` lists entries in join order, `leave` in the order of removal (an exit removes the latest first).
struct event {
  /// The commit number: 1, 2, 3, … without gaps, per scope and node.
  std::uint64_t commit = 0;
  verb what = verb::join;
  reason why = reason::explicit_request;
  value key;
  std::vector<event_entry> entries;
  /// Roughly the memory it takes: the key and the new values as encoded, and the list of entries.
  std::size_t bytes = 0;
};

/// One line with all of it: `"commit 7: join \"lobby\" (explicit): 12@node {\"nick\": \"ann\"}"`, and the value before for an update.
std::string to_string(const event& x);
std::ostream& operator<<(std::ostream& out, const event& x);

using event_ptr = std::shared_ptr<const event>;

} // namespace registry
