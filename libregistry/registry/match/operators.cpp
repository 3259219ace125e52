#include <registry/match/operators.hpp>

namespace registry::inline v0_2 {

namespace {

expression apply(std::string_view name, expression operand) {
  return expression::call(name, {std::move(operand)});
}

expression apply(std::string_view name, expression left, expression right) {
  return expression::call(name, {std::move(left), std::move(right)});
}

} // namespace

expression exclusive_or(expression left, expression right) {
  return apply("xor", std::move(left), std::move(right));
}
expression strictly_equal(expression left, expression right) {
  return apply("=:=", std::move(left), std::move(right));
}
expression strictly_different(expression left, expression right) {
  return apply("=/=", std::move(left), std::move(right));
}

expression div(expression dividend, expression divisor) {
  return apply("div", std::move(dividend), std::move(divisor));
}
expression rem(expression dividend, expression divisor) {
  return apply("rem", std::move(dividend), std::move(divisor));
}
expression abs(expression number) {
  return apply("abs", std::move(number));
}

expression hd(expression list) {
  return apply("hd", std::move(list));
}
expression tl(expression list) {
  return apply("tl", std::move(list));
}
expression length(expression list) {
  return apply("length", std::move(list));
}
expression element(expression n, expression list) {
  return apply("element", std::move(n), std::move(list));
}
expression map_get(expression key, expression map) {
  return apply("map_get", std::move(key), std::move(map));
}
expression is_map_key(expression key, expression map) {
  return apply("is_map_key", std::move(key), std::move(map));
}
expression map_size(expression map) {
  return apply("map_size", std::move(map));
}

expression is_null(expression operand) {
  return apply("is_null", std::move(operand));
}
expression is_bool(expression operand) {
  return apply("is_bool", std::move(operand));
}
expression is_atom(expression operand) {
  return apply("is_atom", std::move(operand));
}
expression is_int(expression operand) {
  return apply("is_int", std::move(operand));
}
expression is_real(expression operand) {
  return apply("is_real", std::move(operand));
}
expression is_number(expression operand) {
  return apply("is_number", std::move(operand));
}
expression is_string(expression operand) {
  return apply("is_string", std::move(operand));
}
expression is_bytes(expression operand) {
  return apply("is_bytes", std::move(operand));
}
expression is_actor(expression operand) {
  return apply("is_actor", std::move(operand));
}
expression is_list(expression operand) {
  return apply("is_list", std::move(operand));
}
expression is_map(expression operand) {
  return apply("is_map", std::move(operand));
}

} // namespace registry::inline v0_2
