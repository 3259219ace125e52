#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace registry::conformance {

/// The operations of a trace.
enum class opcode : std::uint8_t {
  spawn,
  exit,
  register_self,
  join,
  register_name,
  unregister,
  leave,
  unregister_name,
  update_value,
  update_value_of,
  unregister_match,
  unregister_match_of,
  lookup,
  lookup_local,
  members,
  local_members,
  values,
  keys,
  count,
  groups,
  match,
  count_match,
  select,
  count_select,
  dispatch,
  whereis,
  send,
  monitor_scope,
  monitor,
  demonitor,
  put_meta,
  meta,
  delete_meta,
};

/// The kind of an argument.
enum class parameter : std::uint8_t {
  none,
  key,           ///< any value
  name,          ///< a string
  new_actor,     ///< a name that is new
  actor,         ///< one actor
  actors,        ///< one actor or a list of actors
  handles,       ///< the same, where something that is no actor may stand for each
  data,          ///< any value
  optional_data, ///< any value, may be absent
  which,         ///< a pattern
  guards,        ///< a list of expressions
  clauses,       ///< a select specification
  subscription,  ///< a subscription handle
};

/// Name and parameters of an operation.
struct operation_kind {
  std::string_view name;
  opcode code;
  std::array<parameter, 4> parameters;

  /// Whether its result is a subscription handle and a snapshot.
  [[nodiscard]] constexpr bool subscribes() const noexcept {
    return code == opcode::monitor || code == opcode::monitor_scope;
  }
};

/// The operation of this name, or nullptr.
const operation_kind* find_operation(std::string_view name) noexcept;

} // namespace registry::conformance
