#pragma once

#include <registry/compat/inspect.hpp>
#include <registry/scope/subscription.hpp>
#include <registry/value/value.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/message.hpp>
#include <caf/type_id.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace registry {

// -- What listeners receive ---------------------------------------------------------------------------------------------

/// An entry was added, here or on another node.
struct registered {
  std::string scope;
  value key;
  member who;
  value data;
};

/// An entry was removed, here or on another node.
struct unregistered {
  std::string scope;
  value key;
  member who;
};

// -- What the scope actor understands -------------------------------------------------------------------------------------
// Each is the operation of the same name of `scope`. Answers are values; a failed operation answers with an error of the
// category of `errc`.

/// Adds one entry per member; answers nothing.
struct join_request {
  value key;
  std::vector<member> members;
  value data;
};

/// Removes the latest entry of each member; answers nothing.
struct leave_request {
  value key;
  std::vector<member> members;
};

/// Replaces the value of all entries of the member under the key; answers nothing.
struct update_request {
  value key;
  member who;
  value data;
};

/// Removes the member's entries whose value matches; `match` is in the text notation; answers how many.
struct unregister_match_request {
  value key;
  member who;
  std::string match;
};

/// Removes all entries of a member; answers how many.
struct leave_all_request {
  member who;
};

/// Joins one member; answers whether it did (false: a unique key is taken).
struct register_name_request {
  value key;
  member who;
  value data;
};

/// Removes every local entry under the key; answers nothing.
struct unregister_name_request {
  value key;
};

/// Unique mode: answers the local holder or null.
struct whereis_request {
  value key;
};

/// Unique mode: sends `content` to the local holder; answers the holder.
struct send_request {
  value key;
  caf::message content;
};

/// Answers the entries as a list of `[member, value]`.
struct lookup_request {
  value key;
  bool local_only = false;
};

/// Answers the members as a list.
struct members_request {
  value key;
  bool local_only = false;
};

/// Answers the values of the member's entries under the key as a list.
struct values_request {
  value key;
  member who;
};

/// Answers the member's keys as a list.
struct keys_request {
  member who;
};

/// Answers the number of entries of the scope.
struct count_request {};

/// Answers the number of entries under a key.
struct count_key_request {
  value key;
};

/// Answers all keys that have entries as a list.
struct groups_request {};

/// Answers the matching entries as a list of `[member, value]`.
struct match_request {
  value key;
  std::string match;
};

/// Answers how many entries match.
struct count_match_request {
  value key;
  std::string match;
};

/// Answers the results of a match specification as a list; `spec` is in the text notation.
struct select_request {
  std::string spec;
};

/// Answers how many results are exactly true.
struct count_select_request {
  std::string spec;
};

/// Sends `content` to members chosen by `strategy` (see `dispatch_strategy::parse`); answers how many.
struct dispatch_request {
  value key;
  value strategy;
  caf::message content;
};

/// Sets scope metadata; answers nothing.
struct put_meta_request {
  value name;
  value data;
};

/// Answers scope metadata as a list of one value, or an empty list.
struct meta_request {
  value name;
};

/// Removes scope metadata; answers nothing.
struct delete_meta_request {
  value name;
};

/// Subscribes the sender to a key; answers `[reference, commit, [[member, value], …]]`.
struct monitor_request {
  value key;
};

/// Subscribes the sender to all keys; answers `[reference, commit, [[key, [[member, value], …]], …]]`.
struct monitor_scope_request {};

/// Ends a subscription; answers nothing.
struct demonitor_request {
  std::uint64_t reference = 0;
};

/// Answers the entries, as `lookup_request`, as soon as the key has one; `errc::timeout` after that many milliseconds.
struct await_request {
  value key;
  std::int64_t timeout_ms = 0;
};

// -- Serialisation --------------------------------------------------------------------------------------------------------

namespace detail {

/// How a value travels in a CAF message: its canonical bytes and, beside them, the handles that only CAF can serialise.
struct packed_value {
  std::string bytes;
  std::vector<member> handles;
};

packed_value pack(const value& x);
result<value> unpack(const packed_value& x);

template <class Inspector>
auto inspect(Inspector& f, packed_value& x) {
  return compat::inspect_object(f, x, "registry::packed_value", compat::field("bytes", x.bytes),
                                compat::field("handles", x.handles));
}

} // namespace detail

template <class Inspector>
auto inspect(Inspector& f, value& x) {
  return compat::inspect_through(f, x, detail::pack, detail::unpack);
}

template <class Inspector>
auto inspect(Inspector& f, registered& x) {
  return compat::inspect_object(f, x, "registry::registered", compat::field("scope", x.scope), compat::field("key", x.key),
                                compat::field("who", x.who), compat::field("data", x.data));
}

template <class Inspector>
auto inspect(Inspector& f, unregistered& x) {
  return compat::inspect_object(f, x, "registry::unregistered", compat::field("scope", x.scope), compat::field("key", x.key),
                                compat::field("who", x.who));
}

template <class Inspector>
auto inspect(Inspector& f, join_request& x) {
  return compat::inspect_object(f, x, "registry::join_request", compat::field("key", x.key),
                                compat::field("members", x.members), compat::field("data", x.data));
}

template <class Inspector>
auto inspect(Inspector& f, leave_request& x) {
  return compat::inspect_object(f, x, "registry::leave_request", compat::field("key", x.key),
                                compat::field("members", x.members));
}

template <class Inspector>
auto inspect(Inspector& f, update_request& x) {
  return compat::inspect_object(f, x, "registry::update_request", compat::field("key", x.key), compat::field("who", x.who),
                                compat::field("data", x.data));
}

template <class Inspector>
auto inspect(Inspector& f, unregister_match_request& x) {
  return compat::inspect_object(f, x, "registry::unregister_match_request", compat::field("key", x.key),
                                compat::field("who", x.who), compat::field("match", x.match));
}

template <class Inspector>
auto inspect(Inspector& f, leave_all_request& x) {
  return compat::inspect_object(f, x, "registry::leave_all_request", compat::field("who", x.who));
}

template <class Inspector>
auto inspect(Inspector& f, register_name_request& x) {
  return compat::inspect_object(f, x, "registry::register_name_request", compat::field("key", x.key),
                                compat::field("who", x.who), compat::field("data", x.data));
}

template <class Inspector>
auto inspect(Inspector& f, unregister_name_request& x) {
  return compat::inspect_object(f, x, "registry::unregister_name_request", compat::field("key", x.key));
}

template <class Inspector>
auto inspect(Inspector& f, whereis_request& x) {
  return compat::inspect_object(f, x, "registry::whereis_request", compat::field("key", x.key));
}

template <class Inspector>
auto inspect(Inspector& f, send_request& x) {
  return compat::inspect_object(f, x, "registry::send_request", compat::field("key", x.key),
                                compat::field("content", x.content));
}

template <class Inspector>
auto inspect(Inspector& f, lookup_request& x) {
  return compat::inspect_object(f, x, "registry::lookup_request", compat::field("key", x.key),
                                compat::field("local_only", x.local_only));
}

template <class Inspector>
auto inspect(Inspector& f, members_request& x) {
  return compat::inspect_object(f, x, "registry::members_request", compat::field("key", x.key),
                                compat::field("local_only", x.local_only));
}

template <class Inspector>
auto inspect(Inspector& f, values_request& x) {
  return compat::inspect_object(f, x, "registry::values_request", compat::field("key", x.key), compat::field("who", x.who));
}

template <class Inspector>
auto inspect(Inspector& f, keys_request& x) {
  return compat::inspect_object(f, x, "registry::keys_request", compat::field("who", x.who));
}

template <class Inspector>
auto inspect(Inspector& f, count_request& x) {
  return compat::inspect_object(f, x, "registry::count_request");
}

template <class Inspector>
auto inspect(Inspector& f, count_key_request& x) {
  return compat::inspect_object(f, x, "registry::count_key_request", compat::field("key", x.key));
}

template <class Inspector>
auto inspect(Inspector& f, groups_request& x) {
  return compat::inspect_object(f, x, "registry::groups_request");
}

template <class Inspector>
auto inspect(Inspector& f, match_request& x) {
  return compat::inspect_object(f, x, "registry::match_request", compat::field("key", x.key),
                                compat::field("match", x.match));
}

template <class Inspector>
auto inspect(Inspector& f, count_match_request& x) {
  return compat::inspect_object(f, x, "registry::count_match_request", compat::field("key", x.key),
                                compat::field("match", x.match));
}

template <class Inspector>
auto inspect(Inspector& f, select_request& x) {
  return compat::inspect_object(f, x, "registry::select_request", compat::field("spec", x.spec));
}

template <class Inspector>
auto inspect(Inspector& f, count_select_request& x) {
  return compat::inspect_object(f, x, "registry::count_select_request", compat::field("spec", x.spec));
}

template <class Inspector>
auto inspect(Inspector& f, dispatch_request& x) {
  return compat::inspect_object(f, x, "registry::dispatch_request", compat::field("key", x.key),
                                compat::field("strategy", x.strategy), compat::field("content", x.content));
}

template <class Inspector>
auto inspect(Inspector& f, put_meta_request& x) {
  return compat::inspect_object(f, x, "registry::put_meta_request", compat::field("name", x.name),
                                compat::field("data", x.data));
}

template <class Inspector>
auto inspect(Inspector& f, meta_request& x) {
  return compat::inspect_object(f, x, "registry::meta_request", compat::field("name", x.name));
}

template <class Inspector>
auto inspect(Inspector& f, delete_meta_request& x) {
  return compat::inspect_object(f, x, "registry::delete_meta_request", compat::field("name", x.name));
}

template <class Inspector>
auto inspect(Inspector& f, monitor_request& x) {
  return compat::inspect_object(f, x, "registry::monitor_request", compat::field("key", x.key));
}

template <class Inspector>
auto inspect(Inspector& f, monitor_scope_request& x) {
  return compat::inspect_object(f, x, "registry::monitor_scope_request");
}

template <class Inspector>
auto inspect(Inspector& f, demonitor_request& x) {
  return compat::inspect_object(f, x, "registry::demonitor_request", compat::field("reference", x.reference));
}

template <class Inspector>
auto inspect(Inspector& f, await_request& x) {
  return compat::inspect_object(f, x, "registry::await_request", compat::field("key", x.key),
                                compat::field("timeout_ms", x.timeout_ms));
}

} // namespace registry

CAF_BEGIN_TYPE_ID_BLOCK(registry_actors, caf::first_custom_type_id + 1000)

CAF_ADD_TYPE_ID(registry_actors, (registry::value))
CAF_ADD_TYPE_ID(registry_actors, (registry::errc))
CAF_ADD_TYPE_ID(registry_actors, (registry::events))
CAF_ADD_TYPE_ID(registry_actors, (registry::registered))
CAF_ADD_TYPE_ID(registry_actors, (registry::unregistered))
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
