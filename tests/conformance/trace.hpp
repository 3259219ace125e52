#pragma once

#include <conformance/actor_names.hpp>
#include <conformance/operation_kind.hpp>
#include <registry/match/specification.hpp>
#include <registry/store/store.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace registry::conformance {

/// The order of a list in a result.
enum class result_order : std::uint8_t {
  exact,     ///< no remark, or insertion order
  moved,     ///< insertion order, but the peer moved updated entries
  undefined, ///< any
  snapshot,  ///< any order of keys, and of the entries of each key
};

/// The unordered part of events and messages to listeners.
enum class event_order : std::uint8_t {
  exact,
  groups,  ///< the events of a subscription; messages to listeners
  payload, ///< the entries of an event; messages to listeners
  dead,    ///< messages to listeners
};

/// An error as traces record it.
struct failure {
  std::string type;
  member holder;
};

/// All observable effects of one operation.
struct observation {
  /// The result; of `monitor` and `monitor_scope` the snapshot alone.
  value result;
  std::optional<failure> error;
  /// By subscription, in order of arrival: `[verb, key, payload]`.
  std::map<std::string, std::vector<value>> events;
  /// In order of arrival: `["register", key, member, value]` or `["unregister", key, member]`.
  std::vector<value> listener;
  /// Messages that actors received through `send`, by actor, in order of arrival.
  std::map<std::string, std::vector<value>> messages;
};

/// The arguments of an operation; which of them are used depends on its kind.
struct arguments {
  value key;
  /// The null handle stands for something that is not an actor.
  std::vector<member> members;
  /// Whether the members were given as a list.
  bool listed = false;
  value data;
  pattern which;
  std::vector<expression> guards;
  std::vector<select_clause> clauses;
  std::string subscription;
  /// Whether the pattern, guards or clauses mention an actor.
  bool names_actors = false;
};

/// One line of a trace.
struct operation {
  std::size_t line = 0;
  const operation_kind* kind = nullptr;
  /// The actor that makes the call; null for a caller that is no actor of the trace.
  member by;
  arguments args;
  observation expected;
  /// `monitor` and `monitor_scope`: the name of the new subscription.
  std::string subscription;
  result_order order = result_order::exact;
  event_order unordered = event_order::exact;
  /// The peer sends an event without entries when nobody joins; a scope of this project sends none.
  bool empty_join_event = false;
};

/// A whole file.
struct trace {
  std::string file;
  key_mode mode = key_mode::duplicate;
  actor_names actors;
  std::vector<operation> operations;
  /// A peculiarity of the file that does not prevent its replay; empty if there is none.
  std::string remark;
};

} // namespace registry::conformance
