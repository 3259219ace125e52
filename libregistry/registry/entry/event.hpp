#pragma once

#include <registry/entry/entry.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// The kind of a change.
enum class verb : std::uint8_t {
  join,   ///< entries were added
  leave,  ///< entries were removed
  update, ///< values were replaced; entries keep their identity and place
};

/// The cause of a change.
enum class reason : std::uint8_t {
  explicit_request, ///< a call or request; spelled `explicit` in text
  down,             ///< the member terminated
  node_down,        ///< the member's node was lost
  drained,          ///< the member's node left on purpose
  resync,           ///< a difference found while synchronising with the owner
};

///@{
/// The name in lower case: `"join"`, `"node_down"`.
std::string_view to_string(verb x) noexcept;
std::string_view to_string(reason x) noexcept;
///@}

/// One entry of an event.
struct event_entry {
  /// The identity of the entry, the same in all events of its life.
  entry_id id;
  /// The registrant, also after it has terminated.
  member who;
  /// The value after the event; for `leave` the value the entry had.
  value data;
  /// `update` only: the value before.
  value previous;
};

/// One change of one key: all entries that one operation added, removed or updated under it. Bulk work (an exit,
/// `leave_all`, `unregister_name`, the entries that another node brings or loses) gives several events for a key with more
/// than 4,096 entries. Immutable and shared. A `join` lists its entries in join order, a `leave` in the order of removal: an
/// exit removes the latest first.
struct event {
  /// The commit number: 1, 2, 3, … without gaps, per scope and node.
  std::uint64_t commit = 0;
  verb what = verb::join;                ///< the kind of change
  reason why = reason::explicit_request; ///< its cause
  value key;                             ///< the key whose entries changed
  std::vector<event_entry> entries;      ///< the entries concerned, at least one
  /// Roughly the memory of the event, in bytes: the key and the new values as encoded, and the list of entries.
  std::size_t bytes = 0;
};

///@{
/// One line with all of it: `"commit 7: join \"lobby\" (explicit): 12@node {\"nick\": \"ann\"}"`; an update also has the
/// value before.
std::string to_string(const event& x);
std::ostream& operator<<(std::ostream& out, const event& x);
///@}

/// A shared event; never null where the registry hands it out. All subscribers share one object.
using event_ptr = std::shared_ptr<const event>;

} // namespace registry::inline v0_2
