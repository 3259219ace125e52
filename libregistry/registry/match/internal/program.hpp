#pragma once

#include <registry/match/internal/function.hpp>
#include <registry/match/internal/key_places.hpp>
#include <registry/value/value.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace registry::inline v0_2::internal {

/// One step of a compiled pattern. Parts of a step are adjacent. The compiler decides where a variable is bound and where it
/// is compared, since the parts are always visited in the same order. A guard that compares a variable with a constant
/// becomes part of the step that binds the variable: `bind_if`.
struct pattern_step {
  enum class kind : std::uint8_t { any, bind, bind_if, compare, literal, list, longer_list, map };
  enum class tail : std::uint8_t { any, bind, compare };

  kind what = kind::any;
  tail rest = tail::any; ///< of a longer list
  std::uint8_t slot = 0; ///< of a variable, also that of the tail
  /// Of `bind_if`: the comparison of the part with the literal, and the outcomes that it accepts; see `accepted_by`.
  operation condition = operation::constant;
  std::uint8_t accepts = 0;
  /// Of a map: the index of its `key_places` in a run, if it has any.
  std::uint8_t places = most_remembered_maps;
  std::uint32_t first = 0; ///< the parts of a list or map
  std::uint32_t count = 0;
  value literal;
  value key; ///< of a part of a map; the parts are sorted by it
};

/// One step of a compiled expression; its arguments are adjacent.
struct expression_step {
  operation what = operation::constant;
  std::uint8_t slot = 0;    ///< of a variable
  std::uint8_t accepts = 0; ///< of a comparison: see `accepted_by`
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  value constant; ///< of a map to be built: the list of its keys
};

/// One clause: indexes of steps.
struct compiled_clause {
  std::uint32_t key = 0;
  std::uint32_t member = 0;
  std::uint32_t data = 0;
  std::uint32_t first_guard = 0;
  std::uint32_t guard_count = 0;
  std::uint32_t body = 0;      ///< the step that gives the result
  std::uint32_t variables = 0; ///< the number of bound slots, in the order of the variables' numbers
};

/// A compiled specification. For a `match_spec` it is one clause whose key and member are `_`.
struct program {
  std::vector<pattern_step> patterns;
  std::vector<expression_step> expressions;
  std::vector<compiled_clause> clauses;
  std::optional<std::vector<value>> bound_keys;
  std::uint8_t remembered_maps = 0; ///< the number of steps with cached places
};

} // namespace registry::inline v0_2::internal
