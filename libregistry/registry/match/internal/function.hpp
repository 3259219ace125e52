#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace registry::inline v0_2::internal {

/// The operations of a compiled expression. Kinds of leaves and builders first, then the functions.
enum class operation : std::uint8_t {
  constant,
  variable,
  row,
  bindings,
  make_list,
  make_map,
  // comparisons
  equal,
  different,
  less,
  greater,
  at_most,
  at_least,
  strictly_equal,
  strictly_different,
  // tests of the kind
  is_null,
  is_boolean,
  is_atom,
  is_integer,
  is_real,
  is_number,
  is_string,
  is_bytes,
  is_actor,
  is_list,
  is_map,
  is_map_key,
  // booleans
  negation,
  exclusive_or,
  strict_and,
  strict_or,
  lazy_and,
  lazy_or,
  // numbers
  add,
  subtract,
  multiply,
  divide,
  remainder,
  magnitude,
  // lists and maps
  head,
  tail,
  length,
  element,
  map_get,
  map_size,
};

/// A function by its name in the notation.
struct function {
  std::string_view name;
  operation what;
  std::size_t fewest;
  std::size_t most;
};

/// The function of a name, or null if there is none.
const function* find_function(std::string_view name) noexcept;

/// How an operator is written between its operands.
struct infix_operator {
  enum class grouping : std::uint8_t { left, right, none };
  std::string_view token;
  std::string_view name; ///< of the function
  int precedence;        ///< higher binds tighter
  grouping groups;
};

/// The operator of a token, or null. Synonyms such as `&&` have the name they stand for.
const infix_operator* find_infix(std::string_view token) noexcept;

} // namespace registry::inline v0_2::internal
