#pragma once

#include <registry/match/expression.hpp>

/// @file
/// The C++ notation of expressions: `var<1> > 3 && is_int(var<1>)`. An operator builds an expression as soon as one side is
/// an expression, a variable, `row` or `bindings`; operators of ordinary values are left alone.

namespace registry::inline v0_2 {

/// The operands that make an operator build an expression.
template <class T>
concept expression_term =
    std::same_as<std::remove_cvref_t<T>, expression> || std::same_as<std::remove_cvref_t<T>, variable> ||
    std::same_as<std::remove_cvref_t<T>, row_t> || std::same_as<std::remove_cvref_t<T>, bindings_t>;

/// Two operands of which at least one is a term.
template <class Left, class Right>
concept expression_operands = (expression_term<Left> || expression_term<Right>) && std::convertible_to<Left, expression> &&
                              std::convertible_to<Right, expression>;

/// Equality by value: `==`.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator==(Left&& left, Right&& right) {
  return expression::call("==", {std::forward<Left>(left), std::forward<Right>(right)});
}

/// Difference by value: `/=`.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator!=(Left&& left, Right&& right) {
  return expression::call("/=", {std::forward<Left>(left), std::forward<Right>(right)});
}

/// Before in the order of values: `<`.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator<(Left&& left, Right&& right) {
  return expression::call("<", {std::forward<Left>(left), std::forward<Right>(right)});
}

/// After in the order of values: `>`.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator>(Left&& left, Right&& right) {
  return expression::call(">", {std::forward<Left>(left), std::forward<Right>(right)});
}

/// Not after in the order of values: `=<`.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator<=(Left&& left, Right&& right) {
  return expression::call("=<", {std::forward<Left>(left), std::forward<Right>(right)});
}

/// Not before in the order of values: `>=`.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator>=(Left&& left, Right&& right) {
  return expression::call(">=", {std::forward<Left>(left), std::forward<Right>(right)});
}

/// Lazy conjunction: `andalso`.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator&&(Left&& left, Right&& right) {
  return expression::call("andalso", {std::forward<Left>(left), std::forward<Right>(right)});
}

/// Lazy disjunction: `orelse`.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator||(Left&& left, Right&& right) {
  return expression::call("orelse", {std::forward<Left>(left), std::forward<Right>(right)});
}

///@{
/// Arithmetic: an integer for two integers, otherwise a real. Fails on overflow.
template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator+(Left&& left, Right&& right) {
  return expression::call("+", {std::forward<Left>(left), std::forward<Right>(right)});
}

template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator-(Left&& left, Right&& right) {
  return expression::call("-", {std::forward<Left>(left), std::forward<Right>(right)});
}

template <class Left, class Right>
  requires expression_operands<Left, Right>
expression operator*(Left&& left, Right&& right) {
  return expression::call("*", {std::forward<Left>(left), std::forward<Right>(right)});
}
///@}

/// Negation of a boolean: `not`.
template <expression_term Operand>
expression operator!(Operand&& operand) {
  return expression::call("not", {std::forward<Operand>(operand)});
}

/// Negation of a number: `0 - x`.
template <expression_term Operand>
expression operator-(Operand&& operand) {
  return expression::call("-", {0, std::forward<Operand>(operand)});
}

/// Strict conjunction, `and`: evaluates all of its two or more arguments.
template <class... Ts>
  requires(sizeof...(Ts) >= 2 && (std::convertible_to<Ts, expression> && ...))
expression all_of(Ts&&... arguments) {
  return expression::call("and", {std::forward<Ts>(arguments)...});
}

/// Strict disjunction, `or`: evaluates all of its two or more arguments.
template <class... Ts>
  requires(sizeof...(Ts) >= 2 && (std::convertible_to<Ts, expression> && ...))
expression any_of(Ts&&... arguments) {
  return expression::call("or", {std::forward<Ts>(arguments)...});
}

/// A list of the values of the arguments.
template <class... Ts>
  requires(std::convertible_to<Ts, expression> && ...)
expression list_of(Ts&&... elements) {
  std::vector<expression> parts;
  parts.reserve(sizeof...(Ts));
  (parts.push_back(expression(std::forward<Ts>(elements))), ...);
  return expression::list(std::move(parts));
}

/// A map of alternating keys and expressions: `object_of("shard", var<1>)`.
template <class... Ts>
  requires(sizeof...(Ts) % 2 == 0)
expression object_of(Ts&&... keys_and_expressions) {
  std::vector<std::pair<std::string, expression>> pairs;
  pairs.reserve(sizeof...(Ts) / 2);
  internal::append_pairs(pairs, std::forward<Ts>(keys_and_expressions)...);
  return expression::map(std::move(pairs));
}

/// Exactly one of two booleans: `xor`.
expression exclusive_or(expression left, expression right);
/// Strict equality, `=:=`: 1 is not 1.0.
expression strictly_equal(expression left, expression right);
/// Strict difference: `=/=`.
expression strictly_different(expression left, expression right);

/// Integer division that truncates toward zero.
expression div(expression dividend, expression divisor);
/// The remainder of `div`; it has the sign of the dividend.
expression rem(expression dividend, expression divisor);
/// The magnitude of a number.
expression abs(expression number);

/// The first element of a list.
expression hd(expression list);
/// A list without its first element.
expression tl(expression list);
/// The number of elements of a list.
expression length(expression list);
/// The nth element of a list, counted from 1.
expression element(expression n, expression list);
/// The value under a key of a map.
expression map_get(expression key, expression map);
/// Whether a map has a key.
expression is_map_key(expression key, expression map);
/// The number of keys of a map.
expression map_size(expression map);

///@{
/// A test of the kind of a value, which never fails.
expression is_null(expression operand);
expression is_bool(expression operand);
///@}
/// A test for null, true and false, the values that are atoms in Erlang.
expression is_atom(expression operand);
///@{
/// A test of the kind of a value, which never fails.
expression is_int(expression operand);
expression is_real(expression operand);
///@}
/// A test for integers and reals.
expression is_number(expression operand);
///@{
/// A test of the kind of a value, which never fails.
expression is_string(expression operand);
expression is_bytes(expression operand);
expression is_actor(expression operand);
expression is_list(expression operand);
expression is_map(expression operand);
///@}

} // namespace registry::inline v0_2
