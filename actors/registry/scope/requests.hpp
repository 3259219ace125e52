#pragma once

#include <registry/compat/error.hpp>
#include <registry/compat/inspect.hpp>
#include <registry/scope/messages.hpp>
#include <registry/value/value.hpp>

#include <boost/describe/class.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/message.hpp>
#include <caf/type_id.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// @file
/// The requests to the actor of a scope, `scope::actor`. Each is the operation of the same name of `scope`, whose comment
/// has the details. Answers are values; a failed operation answers with an error whose category is that of `errc`.

// -- Requests -------------------------------------------------------------------------------------------------------------

/// Adds one entry per member; answers nothing.
struct join_request {
  value key;                   ///< a literal, never a pattern
  std::vector<member> members; ///< actors of this node
  value data;                  ///< the metadata
};
BOOST_DESCRIBE_STRUCT(join_request, (), (key, members, data))

/// Removes the latest entry of each member; answers nothing.
struct leave_request {
  value key;                   ///< a literal, never a pattern
  std::vector<member> members; ///< actors of this node
};
BOOST_DESCRIBE_STRUCT(leave_request, (), (key, members))

/// Replaces the value of all entries of the member under the key; answers nothing.
struct update_request {
  value key;  ///< a literal, never a pattern
  member who; ///< the member concerned
  value data; ///< the metadata
};
BOOST_DESCRIBE_STRUCT(update_request, (), (key, who, data))

/// Removes the member's entries whose value matches; `match` is in the text notation; answers how many.
struct unregister_match_request {
  value key;         ///< a literal, never a pattern
  member who;        ///< the member concerned
  std::string match; ///< a pattern with guards, see `parse_match`
};
BOOST_DESCRIBE_STRUCT(unregister_match_request, (), (key, who, match))

/// Removes all entries of a member; answers how many.
struct leave_all_request {
  member who; ///< the member concerned
};
BOOST_DESCRIBE_STRUCT(leave_all_request, (), (who))

/// Joins one member; answers whether it did (false: a unique key is taken).
struct register_name_request {
  value key;  ///< a literal, never a pattern
  member who; ///< the member concerned
  value data; ///< the metadata
};
BOOST_DESCRIBE_STRUCT(register_name_request, (), (key, who, data))

/// Removes every local entry under the key; answers nothing.
struct unregister_name_request {
  value key; ///< a literal, never a pattern
};
BOOST_DESCRIBE_STRUCT(unregister_name_request, (), (key))

/// Unique mode: answers the local holder or null.
struct whereis_request {
  value key; ///< a literal, never a pattern
};
BOOST_DESCRIBE_STRUCT(whereis_request, (), (key))

/// Unique mode: sends `content` to the local holder; answers the holder.
struct send_request {
  value key;            ///< a literal, never a pattern
  caf::message content; ///< the message to send
};
BOOST_DESCRIBE_STRUCT(send_request, (), (key, content))

/// Answers the entries as a list of `[member, value]`.
struct lookup_request {
  value key;               ///< a literal, never a pattern
  bool local_only = false; ///< leaves out the entries of other nodes
};
BOOST_DESCRIBE_STRUCT(lookup_request, (), (key, local_only))

/// Answers the members as a list.
struct members_request {
  value key;               ///< a literal, never a pattern
  bool local_only = false; ///< leaves out the entries of other nodes
};
BOOST_DESCRIBE_STRUCT(members_request, (), (key, local_only))

/// Answers the values of the member's entries under the key as a list.
struct values_request {
  value key;  ///< a literal, never a pattern
  member who; ///< the member concerned
};
BOOST_DESCRIBE_STRUCT(values_request, (), (key, who))

/// Answers the member's keys as a list.
struct keys_request {
  member who; ///< the member concerned
};
BOOST_DESCRIBE_STRUCT(keys_request, (), (who))

/// Answers the number of entries of the scope.
struct count_request {};
BOOST_DESCRIBE_STRUCT(count_request, (), ())

/// Answers the number of entries under a key.
struct count_key_request {
  value key; ///< a literal, never a pattern
};
BOOST_DESCRIBE_STRUCT(count_key_request, (), (key))

/// Answers all keys that have entries, as a list.
struct groups_request {};
BOOST_DESCRIBE_STRUCT(groups_request, (), ())

/// Answers the matching entries as a list of `[member, value]`.
struct match_request {
  value key;         ///< a literal, never a pattern
  std::string match; ///< a pattern with guards, see `parse_match`
};
BOOST_DESCRIBE_STRUCT(match_request, (), (key, match))

/// Answers how many entries match.
struct count_match_request {
  value key;         ///< a literal, never a pattern
  std::string match; ///< a pattern with guards, see `parse_match`
};
BOOST_DESCRIBE_STRUCT(count_match_request, (), (key, match))

/// Answers the results of a match specification as a list; `spec` is in the text notation.
struct select_request {
  std::string spec; ///< clauses, see `parse_select`
};
BOOST_DESCRIBE_STRUCT(select_request, (), (spec))

/// Answers how many results are exactly true.
struct count_select_request {
  std::string spec; ///< clauses, see `parse_select`
};
BOOST_DESCRIBE_STRUCT(count_select_request, (), (spec))

/// Sends `content` to members chosen by `strategy` (see `dispatch_strategy::parse`); answers how many.
struct dispatch_request {
  value key;            ///< a literal, never a pattern
  value strategy;       ///< see `dispatch_strategy::parse`
  caf::message content; ///< the message to send
};
BOOST_DESCRIBE_STRUCT(dispatch_request, (), (key, strategy, content))

/// Sets scope metadata; answers nothing.
struct put_meta_request {
  value name; ///< any value
  value data; ///< the metadata
};
BOOST_DESCRIBE_STRUCT(put_meta_request, (), (name, data))

/// Answers scope metadata as a list of one value, or an empty list.
struct meta_request {
  value name; ///< any value
};
BOOST_DESCRIBE_STRUCT(meta_request, (), (name))

/// Removes scope metadata; answers nothing.
struct delete_meta_request {
  value name; ///< any value
};
BOOST_DESCRIBE_STRUCT(delete_meta_request, (), (name))

/// Subscribes the sender to a key; answers `[reference, commit, [[member, value], …]]`.
struct monitor_request {
  value key; ///< a literal, never a pattern
};
BOOST_DESCRIBE_STRUCT(monitor_request, (), (key))

/// Subscribes the sender to all keys; answers `[reference, commit, [[key, [[member, value], …]], …]]`.
struct monitor_scope_request {};
BOOST_DESCRIBE_STRUCT(monitor_scope_request, (), ())

/// Ends a subscription; answers nothing.
struct demonitor_request {
  std::uint64_t reference = 0; ///< see `subscription_ref::number`
};
BOOST_DESCRIBE_STRUCT(demonitor_request, (), (reference))

/// Answers the entries, as `lookup_request`, as soon as the key has one; `errc::timeout` after that many milliseconds.
struct await_request {
  value key;                   ///< a literal, never a pattern
  std::int64_t timeout_ms = 0; ///< in milliseconds
};
BOOST_DESCRIBE_STRUCT(await_request, (), (key, timeout_ms))

// -- Messages of the scope actor to itself --------------------------------------------------------------------------------

/// There are changes to distribute. Of no use to applications, as the two below.
struct wake_up {};
BOOST_DESCRIBE_STRUCT(wake_up, (), ())

/// The key of an `await_request` has entries now.
struct await_done {
  std::uint64_t number = 0; ///< of the wait
  value entries;            ///< the answer
};
BOOST_DESCRIBE_STRUCT(await_done, (), (number, entries))

/// The time of an `await_request` has run out.
struct await_expired {
  std::uint64_t number = 0; ///< of the wait
};
BOOST_DESCRIBE_STRUCT(await_expired, (), (number))

} // namespace registry::inline v0_2

CAF_BEGIN_TYPE_ID_BLOCK(registry_actors, caf::first_custom_type_id + 1000)

CAF_ADD_TYPE_ID(registry_actors, (registry::value))
CAF_ADD_TYPE_ID(registry_actors, (registry::errc))
CAF_ADD_TYPE_ID(registry_actors, (registry::events))
CAF_ADD_TYPE_ID(registry_actors, (registry::registered))
CAF_ADD_TYPE_ID(registry_actors, (registry::unregistered))
CAF_ADD_TYPE_ID(registry_actors, (registry::wake_up))
CAF_ADD_TYPE_ID(registry_actors, (registry::await_done))
CAF_ADD_TYPE_ID(registry_actors, (registry::await_expired))
CAF_ADD_TYPE_ID(registry_actors, (registry::join_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::leave_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::update_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::unregister_match_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::leave_all_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::register_name_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::unregister_name_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::whereis_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::send_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::lookup_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::members_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::values_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::keys_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::count_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::count_key_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::groups_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::match_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::count_match_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::select_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::count_select_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::dispatch_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::put_meta_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::meta_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::delete_meta_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::monitor_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::monitor_scope_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::demonitor_request))
CAF_ADD_TYPE_ID(registry_actors, (registry::await_request))

CAF_END_TYPE_ID_BLOCK(registry_actors)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(registry::events)
