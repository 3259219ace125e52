#pragma once

#include <registry/match/pattern.hpp>

#include <string_view>

namespace registry::inline v0_2 {

namespace internal {
struct expression_node;
} // namespace internal

/// A part of a guard or body. Immutable; a copy costs one reference count; safe to share between threads.
///
/// An expression is a constant, a variable, `row`, `bindings`, a list or map of expressions, or a call. `operators.hpp` has
/// the operators and functions that build calls the C++ way; `call` takes their names at run time:
///
/// | name | arguments | value | fails if |
/// | --- | --- | --- | --- |
/// | `==` `/=` | 2 | equality by value | never |
/// | `=:=` `=/=` | 2 | strict equality | never |
/// | `<` `>` `=<` `>=` | 2 | the order of values | never |
/// | `is_null`, `is_boolean` or `is_bool`, `is_integer` or `is_int` | 1 | a test of the kind | never |
/// | `is_float` or `is_real`, `is_number`, `is_binary` or `is_string` | 1 | a test of the kind | never |
/// | `is_bytes`, `is_pid` or `is_actor`, `is_list`, `is_map` | 1 | a test of the kind | never |
/// | `is_atom` | 1 | true for null, true, false | never |
/// | `+` `-` `*` | 2 | an integer for two integers, otherwise a real | not a number, overflow, result not finite |
/// | `div` `rem` | 2 | truncating division; the remainder has the sign of the dividend | not an integer, by 0, overflow |
/// | `abs` | 1 | a number of the same kind | not a number, overflow |
/// | `hd` `tl` | 1 | the first element; the list of the others | not a list, or empty |
/// | `length` | 1 | the number of elements | not a list |
/// | `element` | n, list | the nth element, counted from 1 | not a list, no such element |
/// | `map_get` | key, map | the value | not a map, no such key |
/// | `is_map_key` | key, map | whether there is such a key | not a map |
/// | `map_size` | 1 | the number of keys | not a map |
/// | `not` | 1 | | not a boolean |
/// | `xor` | 2 | | not a boolean |
/// | `and` `or` | 2 or more | strict: all arguments are evaluated | one argument fails or is no boolean |
/// | `andalso` `orelse` | 2 | lazy: the first if it decides, otherwise the second as it is | first fails or is no boolean |
///
/// A lazy call also fails if its second argument is evaluated and fails. In a guard any failure makes the clause not match.
/// In a body the call that fails yields the string `"EXIT"`, and the expression around it goes on with that.
///
/// Unknown names and wrong numbers of arguments are kept as they are; they fail when the specification is compiled. Names
/// and meanings are those of Erlang's match specifications.
class expression {
public:
  ///@{
  /// A variable, the whole entry, or the list of bound values.
  expression(variable bound); // NOLINT(google-explicit-constructor)
  expression(row_t);          // NOLINT(google-explicit-constructor)
  expression(bindings_t);     // NOLINT(google-explicit-constructor)
  ///@}
  /// A constant.
  expression(value constant); // NOLINT(google-explicit-constructor)
  /// A constant. Throws as the constructor of `value` does.
  template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, expression> && !std::same_as<std::remove_cvref_t<T>, value> &&
             std::convertible_to<T, value>)
  expression(T&& constant) // NOLINT(google-explicit-constructor)
      : expression(value(std::forward<T>(constant))) {}

  /// A list of the values of the elements.
  static expression list(std::vector<expression> elements);
  /// A map of the values of the parts.
  static expression map(std::vector<std::pair<std::string, expression>> pairs);
  /// An operator or function applied to arguments.
  static expression call(std::string_view name, std::vector<expression> arguments);

  /// Whether two expressions are built alike. (`==` of expressions builds a call.)
  friend bool identical(const expression& a, const expression& b) noexcept;

private:
  friend struct internal::node_access;
  explicit expression(std::shared_ptr<const internal::expression_node> node) noexcept;

  std::shared_ptr<const internal::expression_node> node_;
};

/// The expression as text. `parse_expression` reads it back if its calls are valid and it has no constant actors.
std::string to_string(const expression& e);

} // namespace registry::inline v0_2
